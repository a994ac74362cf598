import type { Experiment, RoleOverride, ShadowArm } from '../../domain/experiments/experiments.js';
import type { HostConfig, RoleConfig } from '../../domain/host-config.js';
import { overrideRole } from '../../domain/override-role.js';
import { ROLES, type Role } from '../../plugin-sdk/index.js';

/**
 * How much longer than in service an answer may take before it is given up: the process yields to all others, so its clock says little
 * of how quick a plugin is. Answers beyond the role's own deadline are counted.
 */
const PATIENCE = 10;
const PATIENCE_MS = 1000;

/** A shadow arm of a configuration. */
export interface ShadowPlace {
  readonly experiment: string;
  readonly arm: string;
  readonly path: readonly (string | number)[];
  /** Of the roles that it overrides. */
  readonly deadlines: ReadonlyMap<Role, number>;
}

export interface ShadowConfig {
  /** Nothing but shadow arms, each an experiment of its own, so that one that can't be started keeps none of the others. */
  readonly config: HostConfig;
  /** In the order of its experiments. */
  readonly places: readonly ShadowPlace[];
}

/** What the arm serves, written out: the configuration below has no roles to inherit from. */
function written(base: RoleConfig, override: RoleOverride): RoleOverride {
  const { model } = override;
  const { plugin, settings, bySolver } = overrideRole(base, override);
  const served = Object.entries(bySolver).map(([solver, roleOf]) => [solver, { ...roleOf, model }]);
  return { plugin, settings, model, bySolver: Object.fromEntries(served) };
}

function asExperiment(
  experiment: Experiment,
  { id, roles }: ShadowArm,
  base: HostConfig['roles'],
): Experiment {
  const overrides = Object.fromEntries(
    ROLES.flatMap((role) => {
      const override = roles[role];
      return override === undefined ? [] : [[role, written(base[role], override)] as const];
    }),
  );
  return { ...experiment, arms: [{ id, weight: 1, roles: overrides }], shadowArms: [] };
}

/** Whether a configuration has shadow arms to compute. */
export function hasShadows({ experiments }: HostConfig): boolean {
  return experiments.some(({ state, shadowArms }) => state === 'running' && shadowArms.length > 0);
}

/** The configuration that a host of shadow arms runs. */
export function shadowConfig(config: HostConfig): ShadowConfig {
  const experiments: Experiment[] = [];
  const places: ShadowPlace[] = [];
  for (const [index, experiment] of config.experiments.entries()) {
    if (experiment.state === 'ended') continue;
    for (const [place, arm] of experiment.shadowArms.entries()) {
      experiments.push(asExperiment(experiment, arm, config.roles));
      const roles = ROLES.filter((role) => arm.roles[role] !== undefined);
      places.push({
        experiment: experiment.id,
        arm: arm.id,
        path: ['experiments', index, 'shadow_arms', place],
        deadlines: new Map(roles.map((role) => [role, config.roles[role].deadlineMs])),
      });
    }
  }
  const roles = Object.fromEntries(
    ROLES.map((role) => {
      const { deadlineMs, ...base } = config.roles[role];
      const patientMs = Math.max(PATIENCE_MS, PATIENCE * deadlineMs);
      return [role, { ...base, plugin: 'off', settings: {}, bySolver: {}, deadlineMs: patientMs }];
    }),
  ) as Record<Role, RoleConfig>;
  return { config: { ...config, roles, experiments }, places };
}
