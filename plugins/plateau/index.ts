import {
  definePlugin,
  type EarlyStoppingAdvice,
  type IterationRecord,
  z,
} from 'dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Iterations looked back on. */
  window: z.int().min(4).max(1000).default(12),
  /** Stop when the objective fell by less than this fraction over the window. */
  relative_gain: z.number().positive().max(0.1).default(1e-4),
  /** Iterations of a stage before a stop is thought of. */
  minimum_iterations: z.int().min(1).default(24),
});

type Config = z.output<typeof configSchema>;

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
  config: Config,
): EarlyStoppingAdvice {
  const latest = iterations.at(-1)?.objective;
  const middle = iterations.at(-1 - (config.window >> 1))?.objective;
  const oldest = iterations.at(-1 - config.window)?.objective;
  if (latest === undefined || middle === undefined || oldest === undefined) {
    return { decision: 'continue' };
  }
  const prediction = oldest > middle ? extrapolate(oldest, middle, latest) : {};
  const gain = (oldest - latest) / Math.max(Math.abs(latest), Number.MIN_VALUE);
  if (done < config.minimum_iterations || !(gain < config.relative_gain)) {
    return { decision: 'continue', ...prediction };
  }
  return {
    decision: 'stop-level',
    explanation: `fell by ${(100 * gain).toPrecision(2)} % in the last ${config.window} iterations`,
    ...prediction,
  };
}

export const plugin = definePlugin({
  role: 'early-stopping',
  configSchema,
  create: ({ config }) => ({
    openSession: (view) => ({
      advise: ({ iteration }) => judge(view.stages.at(-1)?.iterations ?? [], iteration + 1, config),
    }),
  }),
});
