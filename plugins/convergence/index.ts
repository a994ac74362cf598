import {
  definePlugin,
  type EarlyStoppingAdvice,
  type EarlyStoppingSession,
  type InferenceHandle,
  type Iteration,
  type ModelTensors,
  NotApplicable,
  oodScore,
  openModel,
  outputOf,
  type SessionView,
  services,
  z,
} from '@dh-advisor/plugin-sdk';
import { packHistory, packState } from './features.js';

const configSchema = z.strictObject({
  /** Name, `name@label` or `name@version`. */
  model: z.string().min(1).default('convergence'),
  /** The model is asked at every n-th iteration of a stage; in between its last forecast stands while it can be right. */
  every_iterations: z.int().min(1).max(100).default(5),
  /** Stop when the gain still to come is surely below this fraction of the objective. */
  tolerance: z.number().positive().max(0.1).default(2e-3),
  /** How sure: standard deviations added to the predicted gain. */
  z: z.number().min(0).max(5).default(1.5),
  /** Forecasts in a row that must say so. */
  patience: z.int().min(1).max(100).default(2),
});

type Config = z.output<typeof configSchema>;

class ConvergenceSession implements EarlyStoppingSession {
  readonly #model: InferenceHandle;
  readonly #view: SessionView;
  readonly #config: Config;
  #stage = -1;
  /** Forecasts in a row of this stage, of those that were due, that saw little left to gain. */
  #nearlyDone = 0;
  /** What the last forecast of this stage led to. A stop is repeated, since whoever refused it may take it later. */
  #standing: EarlyStoppingAdvice | undefined;

  constructor(model: InferenceHandle, view: SessionView, config: Config) {
    this.#model = model;
    this.#view = view;
    this.#config = config;
  }

  advise(
    iteration: Iteration,
    signal: AbortSignal,
  ): Promise<EarlyStoppingAdvice | undefined> | EarlyStoppingAdvice | undefined {
    const { plan, stages } = this.#view;
    const stage = stages.at(-1);
    if (stage === undefined) return undefined;
    if (iteration.stage !== this.#stage) {
      this.#stage = iteration.stage;
      this.#nearlyDone = 0;
      this.#standing = undefined;
    }
    const isDue = iteration.iteration % this.#config.every_iterations === 0;
    if (!isDue && !this.#isPassed(iteration)) return this.#standing;
    const inputs = {
      history: packHistory(stage.iterations),
      state: packState(stage.start, iteration.iteration, plan.solver),
    };
    // Nothing stands while the model is asked, nor afterwards when it does not answer in time.
    this.#standing = undefined;
    return this.#model.run(inputs, signal).then((outputs) => {
      if (!signal.aborted) this.#standing = this.#judge(iteration, outputs, isDue);
      return this.#standing;
    });
  }

  /**
   * The objective has come to less than the end that was forecast for it: neither that forecast nor a stop that followed from it is
   * of any use any more.
   */
  #isPassed({ objective }: Iteration): boolean {
    const predicted = this.#standing?.predictedFinalObjective;
    return predicted !== undefined && objective < predicted;
  }

  #judge({ objective }: Iteration, outputs: ModelTensors, isDue: boolean): EarlyStoppingAdvice {
    const log10Ratio = Math.min(outputOf(outputs, 'final_log10_ratio')[0] ?? Number.NaN, 0);
    const log10Deviation = outputOf(outputs, 'standard_deviation')[0] ?? Number.NaN;
    const ratio = 10 ** log10Ratio;
    // Delta method: d(10^r) = 10^r ln(10) dr.
    const deviation = ratio * Math.LN10 * log10Deviation;
    const { tolerance, patience } = this.#config;
    const gain = 1 - ratio + this.#config.z * deviation;
    // One that only takes the place of a forecast that was passed can raise a doubt, but says nothing more of how long it has lasted.
    if (!(gain < tolerance)) this.#nearlyDone = 0;
    else if (isDue) this.#nearlyDone += 1;
    const prediction = {
      predictedFinalObjective: objective * ratio,
      predictedStandardDeviation: Math.abs(objective) * deviation,
      outOfDistributionScore: oodScore(outputs),
    };
    if (this.#nearlyDone < patience) return { decision: 'continue', ...prediction };
    const percent = (100 * gain).toPrecision(2);
    return {
      decision: 'stop-level',
      explanation: `predicted to gain at most ${percent} % more, ${this.#nearlyDone} forecasts running`,
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
    return {
      openSession: (view) => {
        if (view.plan.solver === 'other')
          throw new NotApplicable('its model knows dH and L-BFGS only');
        return new ConvergenceSession(model, view, config);
      },
    };
  },
});
