import {
  checkWeightCeiling,
  definePlugin,
  flatWeight,
  type Geometry,
  type InferenceHandle,
  type InitializationAdvice,
  type InitializationSession,
  type LevelStart,
  type ModelTensors,
  NotApplicable,
  oodScore,
  openModel,
  outputOf,
  PLAN_INPUT_TENSORS,
  PLAN_INPUTS,
  packModelInputs,
  restrictToLevel,
  type SessionEvent,
  type SessionView,
  services,
  z,
} from '@dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Name, `name@label` or `name@version`. */
  model: z.string().min(1).default('warm-start'),
});

/** Starts computing when the geometry arrives, so that the first stage only waits for what is left. */
class WarmStartSession implements InitializationSession {
  readonly #model: InferenceHandle;
  readonly #view: SessionView;
  readonly #abort = new AbortController();
  #answer: Promise<ModelTensors> | undefined;
  #isTaken = false;

  constructor(model: InferenceHandle, view: SessionView) {
    this.#model = model;
    this.#view = view;
  }

  observe(event: SessionEvent): void {
    if (event.kind === 'receipt') this.#isTaken ||= event.verdict === 'accepted';
    if (event.kind !== 'geometry') return;
    this.#answer = this.#compute(event);
    // Whoever asks gets the reason; nobody may ever ask.
    this.#answer.catch(() => undefined);
  }

  async advise(start: LevelStart, signal: AbortSignal): Promise<InitializationAdvice | undefined> {
    if (start.stage > 0) return this.#flatStart(start);
    if (this.#answer === undefined) throw new NotApplicable('the client sent no geometry');
    // Nobody else waits for it: past the deadline the model need not run any more.
    const withdraw = () => this.#abort.abort();
    if (signal.aborted) withdraw();
    signal.addEventListener('abort', withdraw, { once: true });
    try {
      return this.#adviceFor(start, await this.#answer);
    } finally {
      signal.removeEventListener('abort', withdraw);
    }
  }

  dispose(): void {
    this.#abort.abort();
  }

  /**
   * Later stages keep what the solver has, which is better than any start by then. But when the learned start was
   * held back or refused, dH would begin near zero, which costs it more than a flat start.
   */
  #flatStart({ stage, beamletCount }: LevelStart): InitializationAdvice | undefined {
    const { plan, stages } = this.#view;
    const isFirst = stage === 1 && stages[0]?.end?.iterations === 0 && !this.#isTaken;
    if (!isFirst || plan.solver !== 'dh') return undefined;
    const weight = flatWeight(this.#view);
    return weight === undefined
      ? undefined
      : { weights: new Float64Array(beamletCount).fill(weight) };
  }

  async #compute(geometry: Geometry | undefined): Promise<ModelTensors> {
    const inputs = packModelInputs(this.#view.plan, geometry, PLAN_INPUTS);
    return this.#model.run(inputs, this.#abort.signal);
  }

  #adviceFor({ level }: LevelStart, outputs: ModelTensors): InitializationAdvice {
    const { plan, geometry } = this.#view;
    const columnNorm = geometry?.tensors['column-norm']?.data ?? new Float64Array();
    return {
      weights: restrictToLevel(outputOf(outputs, 'weights'), plan, level, columnNorm),
      outOfDistributionScore: oodScore(outputs),
    };
  }
}

export const plugin = definePlugin({
  role: 'initialization',
  configSchema,
  requires: { inference: services.inference },
  wants: () => PLAN_INPUT_TENSORS,
  create: async ({ config, services: { inference } }) => {
    const model = await openModel(inference, config.model, {
      role: 'initialization',
      inputs: PLAN_INPUTS,
      outputs: ['weights'],
    });
    return {
      openSession: (view) => {
        checkWeightCeiling(model, view.plan);
        return new WarmStartSession(model, view);
      },
    };
  },
});
