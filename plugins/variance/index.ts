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
} from '@dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Name, `name@label` or `name@version`. */
  model: z.string().min(1).default('variance'),
  /**
   * At a level's start: the phase whose variance is advised, 0 to 1, on coarse levels and on the finest. The optimizer
   * holds it for the whole level.
   */
  coarse_phase: z.number().min(0).max(1).default(0),
  finest_phase: z.number().min(0).max(1).default(1),
  /** Also advise at every n-th iteration; 0 = at level starts only. */
  every_n_iterations: z.int().min(0).max(1000).default(0),
});

/** Iterations of a stage after which its phase is 1. */
const PHASE_ITERATIONS = 100;

interface StartPhases {
  readonly coarse: number;
  readonly finest: number;
}

class VarianceSession implements AdaptiveVarianceSession {
  readonly #model: InferenceHandle;
  readonly #view: SessionView;
  readonly #phases: StartPhases;
  /** Packed once: the plan stays the same, only the context of a question changes. */
  #planInputs: ModelTensors | undefined;

  constructor(model: InferenceHandle, view: SessionView, phases: StartPhases) {
    this.#model = model;
    this.#view = view;
    this.#phases = phases;
  }

  async advise(
    question: VarianceQuestion,
    signal: AbortSignal,
  ): Promise<AdaptiveVarianceAdvice | undefined> {
    const { plan, geometry, stages } = this.#view;
    const stage = stages.at(-1)?.start;
    if (stage === undefined) return undefined;
    const phase =
      question.kind === 'iteration'
        ? Math.min((question.iteration + 1) / PHASE_ITERATIONS, 1)
        : this.#phases[stage.level === 0 ? 'finest' : 'coarse'];
    this.#planInputs ??= packModelInputs(plan, geometry, PLAN_INPUTS);
    const context = Float32Array.of(stage.level, phase, Math.log10(stage.histogramSigmaGy));
    const inputs = { ...this.#planInputs, context: { shape: [context.length], data: context } };
    const outputs = await this.#model.run(inputs, signal);
    const columnNorm = geometry?.tensors['column-norm']?.data ?? new Float64Array();
    const share = restrictToLevel(outputOf(outputs, 'share'), plan, stage.level, columnNorm);
    const rangeGy2 = stage.varianceUpperGy2 - stage.varianceLowerGy2;
    return {
      varianceGy2: share.map((part) => stage.varianceLowerGy2 + part * rangeGy2),
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
    const phases = { coarse: config.coarse_phase, finest: config.finest_phase };
    return {
      openSession: (view) => {
        if (view.plan.solver !== 'dh') throw new NotApplicable('advises solver dh only');
        return new VarianceSession(model, view, phases);
      },
    };
  },
});
