import {
  beamGrid,
  checkWeightCeiling,
  definePlugin,
  type InferenceHandle,
  InvalidInput,
  type Iteration,
  type ModelTensor,
  type ModelTensors,
  ModelUnavailable,
  NotApplicable,
  oodScore,
  openModel,
  outputOf,
  PLAN_INPUT_TENSORS,
  PLAN_INPUTS,
  packModelInputs,
  type SessionEvent,
  type SessionView,
  type StepDirectionAdvice,
  type StepDirectionSession,
  services,
  z,
} from '@dh-advisor/plugin-sdk';
import { type Moment, Trail } from './trail.js';

const configSchema = z.strictObject({
  /** Name, `name@label` or `name@version`. */
  model: z.string().min(1).default('learned-direction'),
  /** Steps advised in a stage; then its own solver goes on with what they taught it. */
  steps: z.int().min(1).max(50).default(4),
  /** Stages with a wider histogram sigma are left to their solver; above 5 Gy the model has not seen them. */
  highest_sigma_gy: z.number().positive().max(40).default(3),
  /** Stages with a narrower one, too. */
  lowest_sigma_gy: z.number().min(0).max(40).default(0),
});

type Config = z.output<typeof configSchema>;

const MOMENT_INPUTS = [
  'weights',
  'gradient',
  'steps',
  'gradient_changes',
  'context',
  'memory',
] as const;

/** What a model keeps between the questions of a stage. */
interface Kept {
  /** Numbers it remembers per beamlet. */
  readonly memory: number;
  /** Curvature pairs it looks at. */
  readonly pairs: number;
}

function keptBy({ signature, model }: InferenceHandle): Kept {
  const extent = (input: string, axis: number): number => {
    const found = signature.inputs.find(({ name }) => name === input)?.shape[axis];
    if (typeof found === 'number') return found;
    throw new ModelUnavailable(
      `model ${model.id}/${model.version} does not fit the plugin: its ${input} has no fixed extent`,
    );
  };
  return { memory: extent('memory', 3), pairs: extent('steps', 0) };
}

class LearnedDirectionSession implements StepDirectionSession {
  readonly #model: InferenceHandle;
  readonly #view: SessionView;
  readonly #config: Config;
  readonly #kept: Kept;
  #trail: Trail;
  /** Whether the running stage is one to advise. */
  #isOpen = false;
  /** Packed once: the plan stays the same, only the moment changes. */
  #planInputs: ModelTensors | undefined;

  constructor(model: InferenceHandle, kept: Kept, view: SessionView, config: Config) {
    this.#model = model;
    this.#kept = kept;
    this.#trail = new Trail(kept.pairs, undefined);
    this.#view = view;
    this.#config = config;
  }

  observe(event: SessionEvent): void {
    switch (event.kind) {
      case 'level-start': {
        const { level, histogramSigmaGy, tensors } = event;
        const { lowest_sigma_gy: lowest, highest_sigma_gy: highest } = this.#config;
        this.#isOpen = level === 0 && histogramSigmaGy >= lowest && histogramSigmaGy <= highest;
        this.#trail = new Trail(this.#kept.pairs, tensors.weights?.data);
        return;
      }
      case 'iteration':
        if (this.#isOpen) this.#trail.follow(event.tensors);
        return;
      case 'receipt':
        // Its steps do not fit this stage: the next would cost as much as this one did.
        if (event.verdict !== 'accepted') this.#isOpen = false;
        return;
      default:
    }
  }

  async advise(
    iteration: Iteration,
    signal: AbortSignal,
  ): Promise<StepDirectionAdvice | undefined> {
    const trail = this.#trail;
    const sigmaGy = this.#view.stages.at(-1)?.start.histogramSigmaGy;
    if (!this.#isOpen || trail.answers >= this.#config.steps || sigmaGy === undefined) {
      return undefined;
    }
    const { moment } = trail;
    if (moment === undefined) throw new InvalidInput('the client sent no weights or no gradient');
    // The solver's own first pair says more than a model without any.
    if (!trail.hasPair) return undefined;
    const outputs = await this.#model.run(
      {
        ...this.#plan(),
        ...this.#moment(moment, trail),
        context: vector([iteration.objective, sigmaGy, trail.answers]),
      },
      signal,
    );
    trail.answers += 1;
    trail.memory = outputs['next_memory'];
    const direction = Float64Array.from(outputOf(outputs, 'step'));
    if (direction.every((change) => change === 0)) return undefined;
    const outOfDistributionScore = oodScore(outputs);
    return { space: 'weights', direction, stepLength: 1, outOfDistributionScore };
  }

  #plan(): ModelTensors {
    this.#planInputs ??= packModelInputs(this.#view.plan, this.#view.geometry, PLAN_INPUTS);
    return this.#planInputs;
  }

  #moment(moment: Moment, trail: Trail): ModelTensors {
    const shape = beamGrid(this.#view.plan);
    const beamlets = moment.weights.length;
    if (shape.reduce((product, extent) => product * extent, 1) !== beamlets) {
      throw new InvalidInput('the weights do not cover the beams');
    }
    const { steps, changes } = trail.pairs(shape);
    const { memory } = this.#kept;
    const nothing = () => ({
      shape: [...shape, memory],
      data: new Float32Array(beamlets * memory),
    });
    return {
      weights: { shape, data: moment.weights },
      gradient: { shape, data: moment.gradient },
      steps,
      gradient_changes: changes,
      memory: trail.memory ?? nothing(),
    };
  }
}

function vector(values: readonly number[]): ModelTensor {
  return { shape: [values.length], data: Float32Array.from(values) };
}

export const plugin = definePlugin({
  role: 'step-direction',
  configSchema,
  requires: { inference: services.inference },
  wants: () => [
    { kind: 'weights', everyN: 1 },
    { kind: 'gradient', everyN: 1 },
    ...PLAN_INPUT_TENSORS,
  ],
  create: async ({ config, services: { inference } }) => {
    const model = await openModel(inference, config.model, {
      role: 'step-direction',
      inputs: [...PLAN_INPUTS, ...MOMENT_INPUTS],
      outputs: ['step', 'next_memory'],
    });
    const kept = keptBy(model);
    return {
      openSession: (view) => {
        if (view.plan.solver !== 'lbfgs') throw new NotApplicable('advises solver lbfgs only');
        checkWeightCeiling(model, view.plan);
        return new LearnedDirectionSession(model, kept, view, config);
      },
    };
  },
});
