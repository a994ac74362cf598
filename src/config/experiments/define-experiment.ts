import type { Experiment, Metric, RoleOverrides } from '../../domain/experiments/experiments.js';
import type { Role } from '../../plugin-sdk/index.js';
import type { RawExperiment } from './experiment-schema.js';

type RawMetric = RawExperiment['primary'];
type RawRoles = RawExperiment['arms'][number]['roles'];

const toMetric = ({ metric, direction, scale, range }: RawMetric): Metric => ({
  name: metric,
  direction,
  scale,
  range,
});

function toOverrides(roles: RawRoles): RoleOverrides {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([role, override]) =>
      override === undefined
        ? []
        : [[role as Role, { ...override, plugin: override.plugin, model: override.model }]],
    ),
  );
}

/** The experiment in the words of the code; the schema has checked it. */
export function defineExperiment(raw: RawExperiment): Experiment {
  const { id, state, unit, layer, control, alpha, start, stop } = raw;
  return {
    id,
    state,
    unit,
    layer,
    control,
    alpha,
    salt: raw.salt ?? id,
    arms: raw.arms.map((arm) => ({ ...arm, roles: toOverrides(arm.roles) })),
    shadowArms: raw.shadow_arms.map((arm) => ({ id: arm.id, roles: toOverrides(arm.roles) })),
    primary: toMetric(raw.primary),
    secondary: raw.secondary.map(toMetric),
    nonInferiority: raw.non_inferiority.map((metric) => ({
      ...toMetric(metric),
      margin: metric.margin,
    })),
    guardrails: raw.guardrails.map((metric) => ({
      ...toMetric(metric),
      margin: metric.margin,
      action: metric.action,
    })),
    adjust: { beamletStrata: raw.adjust.beamlet_strata, features: raw.adjust.features },
    plannedPlans: raw.planned_plans,
    ramp: raw.ramp.map((step) => ({
      percent: step.percent,
      minPlans: step.min_plans,
      holdHours: step.hold_hours,
    })),
    start: { notBefore: start.not_before, minPlans: start.min_plans },
    stop: { maxPlans: stop.max_plans, whenDecided: stop.when_decided },
    promote: raw.promote,
  };
}
