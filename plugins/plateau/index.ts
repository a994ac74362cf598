import {
  definePlugin,
  type EarlyStoppingAdvice,
  type IterationRecord,
  type PlanView,
  QUALITIES,
  qualityOf,
  z,
} from '@dh-advisor/plugin-sdk';

/** Where a stop pays: L-BFGS gains little for long before it ends on its own. Measured, see `plugins/convergence/README.md`. */
const OF_SOLVER = {
  dh: { window: 12, relative_gain: 1e-4 },
  lbfgs: { window: 20, relative_gain: 5e-4 },
  // Not known, so later than either.
  other: { window: 20, relative_gain: 1e-4 },
} as const satisfies Record<PlanView['solver'], object>;

const window = z.int().min(4).max(1000);
const relativeGain = z.number().positive().max(0.1);

const configSchema = z.strictObject({
  /** Iterations looked back on; the solver's own number unless told. */
  window: window.optional(),
  /** Stop when the objective fell by less than this fraction over the window; the solver's own unless told. */
  relative_gain: relativeGain.optional(),
  /** Iterations of a stage before a stop is thought of. */
  minimum_iterations: z.int().min(1).default(24),
  /** What differs for plans of a quality. */
  by_quality: z
    .partialRecord(
      z.enum(QUALITIES),
      z.strictObject({ window: window.optional(), relative_gain: relativeGain.optional() }),
    )
    .default({}),
});

type Config = z.output<typeof configSchema>;

interface Settings {
  readonly window: number;
  readonly relative_gain: number;
  readonly minimum_iterations: number;
}

function settingsOf(config: Config, plan: PlanView): Settings {
  const defaults = OF_SOLVER[plan.solver];
  const chosen = config.by_quality[qualityOf(plan)];
  return {
    window: chosen?.window ?? config.window ?? defaults.window,
    relative_gain: chosen?.relative_gain ?? config.relative_gain ?? defaults.relative_gain,
    minimum_iterations: config.minimum_iterations,
  };
}

/**
 * Where the run would end if its gains kept shrinking at the rate of the last window: the gains of the window's two
 * halves give the ratio of a geometric series, and what is left of the series is the gain to come.
 */
function extrapolate(older: number, middle: number, latest: number) {
  const gain = middle - latest;
  const ratio = Math.min(Math.max(gain / (older - middle), 0), 0.95);
  const toCome = Math.max(gain, 0) * (ratio / (1 - ratio));
  return { predictedFinalObjective: latest - toCome, predictedStandardDeviation: toCome };
}

function judge(
  iterations: readonly IterationRecord[],
  done: number,
  settings: Settings,
): EarlyStoppingAdvice {
  const latest = iterations.at(-1)?.objective;
  const middle = iterations.at(-1 - (settings.window >> 1))?.objective;
  const oldest = iterations.at(-1 - settings.window)?.objective;
  if (latest === undefined || middle === undefined || oldest === undefined) {
    return { decision: 'continue' };
  }
  const prediction = oldest > middle ? extrapolate(oldest, middle, latest) : {};
  const gain = (oldest - latest) / Math.max(Math.abs(latest), Number.MIN_VALUE);
  if (done < settings.minimum_iterations || !(gain < settings.relative_gain)) {
    return { decision: 'continue', ...prediction };
  }
  return {
    decision: 'stop-level',
    explanation: `fell by ${(100 * gain).toPrecision(2)} % in the last ${settings.window} iterations`,
    ...prediction,
  };
}

export const plugin = definePlugin({
  role: 'early-stopping',
  configSchema,
  create: ({ config }) => ({
    openSession: (view) => {
      const settings = settingsOf(config, view.plan);
      return {
        advise: ({ iteration }) =>
          judge(view.stages.at(-1)?.iterations ?? [], iteration + 1, settings),
      };
    },
  }),
});
