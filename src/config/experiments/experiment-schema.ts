import { PLAN_FEATURES, PLAN_METRICS } from '../../domain/experiments/plan-metrics.js';
import { ROLES, z } from '../../plugin-sdk/index.js';
import { checkExperiment, checkExperiments } from './experiment-checks.js';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words with hyphens')
  .max(64);
const percent = z.number().gt(0).max(100);
const count = z.int().positive();

const override = z.strictObject({
  plugin: z.string().min(1).optional().describe('Plugin id, or "off"; absent: as configured.'),
  model: z
    .string()
    .regex(
      /^[a-z][a-z0-9]*(-[a-z0-9]+)*@(\d+(\.\d+)*|[a-z][a-z0-9-]*)$/,
      'must be NAME@VERSION or NAME@LABEL, such as "warm-start@2" or "warm-start@canary"',
    )
    .optional()
    .describe('Model and version or label; absent: as configured.'),
  settings: z.record(z.string(), z.unknown()).default({}).describe("The plugin's own settings."),
});

const roles = z
  .strictObject(Object.fromEntries(ROLES.map((role) => [role, override.optional()])))
  .default({})
  .describe('What the arm serves in place of the configuration, by role.');

const arm = z.strictObject({
  id,
  weight: z
    .int('must be a whole number')
    .min(1, 'must be at least 1: leave out an arm that is to get no units')
    .max(10_000),
  roles,
});

const shadowArm = z.strictObject({
  id,
  weight: z
    .undefined({ error: 'is not allowed: a shadow arm serves no plan' })
    .optional()
    .describe('Not allowed.'),
  roles,
});

const metricShape = {
  metric: z
    .string()
    .refine(
      (name) =>
        (PLAN_METRICS as readonly string[]).includes(name) || /^dose:[^:\s]+:[^:]+$/.test(name),
      `must be one of ${PLAN_METRICS.join(', ')}, or such as "dose:D95:PTV70"`,
    ),
  direction: z.enum(['lower', 'higher']).default('lower').describe('Which values are better.'),
  scale: z
    .enum(['ratio', 'difference'])
    .default('ratio')
    .describe('ratio: logarithms are compared. difference: values, winsorised to `range`.'),
  range: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('Of a difference: the values that are possible.'),
};

const metric = z.strictObject(metricShape);
const marginMetric = z.strictObject({
  ...metricShape,
  margin: z.number().positive().describe('Fraction for ratios, unit of the metric otherwise.'),
});
const guardrail = z.strictObject({
  ...marginMetric.shape,
  action: z.enum(['hold', 'stop']).default('stop').describe('stop: the arm gets no new units.'),
});

/** One experiment as written. */
export const experimentSchema = z
  .strictObject({
    id,
    state: z.enum(['running', 'ended']).default('running'),
    unit: z.enum(['plan', 'patient']).describe('What is randomised.'),
    salt: z.string().min(1).max(128).optional().describe('Absent: the id.'),
    layer: z
      .strictObject({
        name: id.default('default'),
        from: z.int().min(0).max(999).default(0),
        to: z.int().min(1).max(1000).default(1000),
      })
      .prefault({})
      .describe('Part of the units, per mille. Experiments of a layer exclude one another.'),
    arms: z.array(arm).min(2, 'must have at least two arms').max(16),
    control: id.describe('The arm that others are compared with.'),
    shadow_arms: z.array(shadowArm).max(16).default([]),
    primary: metric,
    secondary: z.array(metric).max(32).default([]),
    non_inferiority: z.array(marginMetric).max(32).default([]),
    guardrails: z.array(guardrail).max(32).default([]),
    adjust: z
      .strictObject({
        beamlet_strata: z
          .array(z.number().positive())
          .max(6)
          .default([])
          .describe('Ascending limits between strata of beamlets.'),
        features: z.array(z.enum(PLAN_FEATURES)).max(8).default([]),
      })
      .prefault({}),
    alpha: z.number().gt(0).max(0.2).default(0.05),
    planned_plans: count.min(50).default(400),
    ramp: z
      .array(
        z.strictObject({
          percent,
          min_plans: count.default(20),
          hold_hours: z.number().min(0).default(0),
        }),
      )
      .max(10)
      .default([])
      .describe('Absent: all units from the start.'),
    start: z
      .strictObject({
        not_before: z.iso.datetime().optional().describe('ISO 8601 with Z.'),
        min_plans: count
          .min(50, 'must be at least 50: the sequences are asymptotic')
          .default(50)
          .describe('Plans of two arms before they are first compared.'),
      })
      .prefault({}),
    stop: z
      .strictObject({
        max_plans: count.optional(),
        when_decided: z.boolean().default(true),
      })
      .prefault({}),
    promote: z
      .strictObject({
        label: z
          .string()
          .regex(/^[a-z][a-z0-9-]*$/, 'must be a label, such as "stable"')
          .describe("Pointed at the versions of the better arm's models, once."),
      })
      .optional()
      .describe('What a promotion does; absent: nothing, and an operator may do it.'),
  })
  .superRefine((experiment, context) => {
    for (const { path, problem } of checkExperiment(experiment)) {
      context.addIssue({ code: 'custom', path: [...path], message: problem });
    }
  });

/** The configuration's `experiments:`. */
export const experimentsSchema = z
  .array(experimentSchema)
  .max(64)
  .superRefine((experiments, context) => {
    for (const { path, problem } of checkExperiments(experiments)) {
      context.addIssue({ code: 'custom', path: [...path], message: problem });
    }
  });

export type RawExperiment = z.output<typeof experimentSchema>;
