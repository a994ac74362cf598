import {
  type AdaptiveVarianceAdvice,
  type AdaptiveVarianceSession,
  definePlugin,
  type InferenceHandle,
  type ModelTensors,
  NotApplicable,
  oodScore,
  openModel,
  outputOf,
  PLAN_INPUT_TENSORS,
  PLAN_INPUTS,
  packModelInputs,
  restrictToLevel,
  type SessionView,
  services,
  type VarianceQuestion,
  z,
} from 'dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Name, `name@label` or `name@version`. */
  model: z.string().min(1).default('variance'),
  /**
   * At a level's start: the phase whose variance is advised, 0 to 1. The optimizer holds it for the whole level, so that
   * the phase at which a level starts would be the one that it never leaves.
   */
  start_phase: z.number().min(0).max(1).default(1),
  /** Also advise at every n-th iteration; 0 = at level starts only. */
  every_n_iterations: z.int().min(0).max(1000).default(0),
});

/** Iterations of a stage after which its phase is 1. */
const PHASE_ITERATIONS = 100;

class VarianceSession implements AdaptiveVarianceSession {
  readonly #model: InferenceHandle;
  readonly #view: SessionView;
  readonly #startPhase: number;
  /** Packed once: the plan stays the same, only the context of a question changes. */
  #planInputs: ModelTensors | undefined;

  constructor(model: InferenceHandle, view: SessionView, startPhase: number) {
    this.#model = model;
    this.#view = view;
    this.#startPhase = startPhase;
  }

  async advise(
    question: VarianceQuestion,
    signal: AbortSignal,
  ): Promise<AdaptiveVarianceAdvice | undefined> {
    const { plan, geometry, stages } = this.#view;
    if (plan.solver !== 'dh') throw new NotApplicable('advises solver dh only');
    const stage = stages.at(-1)?.start;
    if (stage === undefined) return undefined;
    const phase =
      question.moment === 'iteration'
        ? Math.min((question.iteration.iteration + 1) / PHASE_ITERATIONS, 1)
        : this.#startPhase;
    this.#planInputs ??= packModelInputs(plan, geometry, PLAN_INPUTS);
    const context = Float32Array.of(stage.level, phase, Math.log10(stage.histogramSigmaGy));
    const inputs = { ...this.#planInputs, context: { shape: [context.length], data: context } };
    const outputs = await this.#model.run(inputs, signal);
    const columnNorm = geometry?.tensors['column-norm']?.data ?? new Float64Array();
    const share = restrictToLevel(outputOf(outputs, 'share'), plan, stage.level, columnNorm);
    const rangeGy2 = stage.varianceUpperGy2 - stage.varianceLowerGy2;
    return {
      varianceGy2: share.map((of) => stage.varianceLowerGy2 + of * rangeGy2),
      outOfDistributionScore: oodScore(outputs),
    };
  }
}

export const plugin = definePlugin({
  role: 'adaptive-variance',
  configSchema,
  requires: { inference: services.inference },
  wants: () => PLAN_INPUT_TENSORS,
  asksEveryN: (config) => config.every_n_iterations,
  create: async ({ config, services: { inference } }) => {
    const model = await openModel(inference, config.model, {
      role: 'adaptive-variance',
      inputs: [...PLAN_INPUTS, 'context'],
      outputs: ['share'],
    });
    return { openSession: (view) => new VarianceSession(model, view, config.start_phase) };
  },
});
