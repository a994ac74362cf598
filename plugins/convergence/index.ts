import {
  definePlugin,
  type EarlyStoppingAdvice,
  type EarlyStoppingSession,
  type InferenceHandle,
  type Iteration,
  type ModelTensors,
  oodScore,
  openModel,
  outputOf,
  type SessionView,
  services,
  z,
} from 'dh-advisor/plugin-sdk';
import { packHistory, packState } from './features.js';

const configSchema = z.strictObject({
  /** Name, `name@label` or `name@version`. */
  model: z.string().min(1).default('convergence'),
  /** Stop when the gain still to come is surely below this fraction of the objective. */
  tolerance: z.number().positive().max(0.1).default(2e-3),
  /** How sure: standard deviations added to the predicted gain. */
  z: z.number().min(0).max(5).default(1),
  /** Iterations in a row that must say so. */
  patience: z.int().min(1).max(100).default(3),
});

type Config = z.output<typeof configSchema>;

class ConvergenceSession implements EarlyStoppingSession {
  readonly #model: InferenceHandle;
  readonly #view: SessionView;
  readonly #config: Config;
  #stage = -1;
  /** Iterations in a row of this stage at which little was left to gain. */
  #nearlyDone = 0;

  constructor(model: InferenceHandle, view: SessionView, config: Config) {
    this.#model = model;
    this.#view = view;
    this.#config = config;
  }

  advise(
    iteration: Iteration,
    signal: AbortSignal,
  ): Promise<EarlyStoppingAdvice | undefined> | undefined {
    const { plan, stages } = this.#view;
    const stage = stages.at(-1);
    if (stage === undefined) return undefined;
    const inputs = {
      history: packHistory(stage.iterations),
      state: packState(stage.start, iteration.iteration, plan.solver),
    };
    return this.#model.run(inputs, signal).then((outputs) => this.#judge(iteration, outputs));
  }

  #judge({ stage, objective }: Iteration, outputs: ModelTensors): EarlyStoppingAdvice {
    const log10Ratio = Math.min(outputOf(outputs, 'final_log10_ratio')[0] ?? Number.NaN, 0);
    const log10Deviation = outputOf(outputs, 'standard_deviation')[0] ?? Number.NaN;
    const ratio = 10 ** log10Ratio;
    // Delta method: d(10^r) = 10^r ln(10) dr.
    const deviation = ratio * Math.LN10 * log10Deviation;
    const { tolerance, patience } = this.#config;
    const gain = 1 - ratio + this.#config.z * deviation;
    if (stage !== this.#stage) this.#nearlyDone = 0;
    this.#stage = stage;
    this.#nearlyDone = gain < tolerance ? this.#nearlyDone + 1 : 0;
    const prediction = {
      predictedFinalObjective: objective * ratio,
      predictedStandardDeviation: Math.abs(objective) * deviation,
      outOfDistributionScore: oodScore(outputs),
    };
    if (this.#nearlyDone < patience) return { decision: 'continue', ...prediction };
    const percent = (100 * gain).toPrecision(2);
    return {
      decision: 'stop-level',
      explanation: `predicted to gain at most ${percent} % more, ${this.#nearlyDone} iterations running`,
      ...prediction,
    };
  }
}

export const plugin = definePlugin({
  role: 'early-stopping',
  configSchema,
  requires: { inference: services.inference },
  create: async ({ config, services: { inference } }) => {
    const model = await openModel(inference, config.model, {
      role: 'early-stopping',
      inputs: ['history', 'state'],
      outputs: ['final_log10_ratio', 'standard_deviation'],
    });
    return { openSession: (view) => new ConvergenceSession(model, view, config) };
  },
});
