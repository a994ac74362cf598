import { QUALITIES, ROLES, type Role, SOLVERS, z } from '../../plugin-sdk/index.js';
import { durationMs } from './config-values.js';

const qualities = z.array(z.enum(QUALITIES)).min(1).optional();

const FAILURE_POLICIES = ['default', 'hold_last', 'none'] as const;

/** What is absent is as for all. */
const bySolver = z.strictObject({
  plugin: z.string().min(1).optional().describe('Plugin id, or "off".'),
  settings: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Settings that differ; all of them when the plugin is another.'),
  deadline_ms: durationMs.optional().describe('Its own deadline.'),
  on_failure: z.enum(FAILURE_POLICIES).optional().describe('Its own failure policy.'),
  qualities: qualities.describe('Its own qualities.'),
});

const role = (deadlineMs: number) =>
  z
    .strictObject({
      plugin: z.string().min(1).default('off').describe('Plugin id, or "off".'),
      settings: z
        .record(z.string(), z.unknown())
        .default({})
        .describe("The plugin's own settings; its README lists them."),
      deadline_ms: durationMs
        .default(deadlineMs)
        .describe('The role is answered within this time or not at all.'),
      on_failure: z
        .enum(FAILURE_POLICIES)
        .default('default')
        .describe(
          'default: no value this time. hold_last: repeat the last value if it still passes. none: off for this plan.',
        ),
      qualities: qualities.describe(
        'Plans of these qualities only (strict, balanced, fast: what their user lets advice do to them); absent: of all.',
      ),
      by_solver: z
        .partialRecord(z.enum(SOLVERS), bySolver)
        .default({})
        .describe(
          'By solver, dh, lbfgs or other: `plugin`, `settings`, `deadline_ms`, `on_failure`, `qualities` that its plans get instead; what is absent stays. Nothing where the role is off.',
        ),
    })
    .prefault({});

/** Deadlines of the two kinds of question: once a level, or at every iteration. */
const LEVEL_DEADLINE_MS = 2000;
const ITERATION_DEADLINE_MS = 50;

const roleDeadlinesMs: Readonly<Record<Role, number>> = {
  initialization: LEVEL_DEADLINE_MS,
  'histogram-sigma': LEVEL_DEADLINE_MS,
  'pyramid-sigma': LEVEL_DEADLINE_MS,
  'adaptive-variance': LEVEL_DEADLINE_MS,
  'step-direction': ITERATION_DEADLINE_MS,
  'early-stopping': ITERATION_DEADLINE_MS,
};

/** One section for each role. */
export const roles = Object.fromEntries(
  ROLES.map((name) => [name, role(roleDeadlinesMs[name])]),
) as {
  readonly [R in Role]: ReturnType<typeof role>;
};
