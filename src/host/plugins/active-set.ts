import type { Binding } from '../../domain/advice/advice.js';
import type { Breaker } from '../../domain/advice/breaker.js';
import type { HostError } from '../../domain/errors/host-error.js';
import type { Experiment } from '../../domain/experiments/experiments.js';
import type { HostConfig, ServedRole } from '../../domain/host-config.js';
import type { RoleMeter } from '../../domain/operations/metrics.js';
import {
  type PlanView,
  type Quality,
  qualityOf,
  type Role,
  type Solver,
} from '../../plugin-sdk/index.js';
import type { LoadedPlugin } from './plugin-loader.js';

/** A role as new sessions get it. Off when `loaded` is undefined. */
export interface ActiveRole {
  readonly role: Role;
  readonly binding: Binding;
  readonly config: ServedRole;
  /** In place of it, for plans of these solvers. */
  readonly bySolver: ReadonlyMap<Solver, ActiveRole>;
  readonly loaded: LoadedPlugin | undefined;
  /** Why a plugin that is there does not serve this plan. */
  readonly declined?: string;
  /** Why a configured plugin is off. */
  readonly refusal: HostError | undefined;
  /** Of all sessions together. */
  readonly breaker: Breaker;
  readonly meter: RoleMeter;
}

/** An experiment that can take plans: the roles that its arms serve in place of the set's. */
export interface ReadyExperiment {
  readonly experiment: Experiment;
  readonly arms: ReadonlyMap<string, readonly ActiveRole[]>;
}

/** Everything a session is pinned to: never changes once made. */
export interface ActiveSet {
  readonly generation: number;
  readonly config: HostConfig;
  readonly roles: readonly ActiveRole[];
  readonly experiments: readonly ReadyExperiment[];
  /** Keeps its plugins and their models until the result is called. */
  retain(): () => void;
}

/** `onUnused` is called once, when nobody holds the set any more. */
export function createActiveSet(parts: Omit<ActiveSet, 'retain'>, onUnused: () => void): ActiveSet {
  let holders = 0;
  return Object.freeze({
    ...parts,
    retain: () => {
      let isHeld = true;
      holders += 1;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        holders -= 1;
        if (holders === 0) onUnused();
      };
    },
  });
}

/** Roles with what they are for plans of single solvers, in an order that means something. */
export function withSolvers(roles: readonly ActiveRole[]): readonly ActiveRole[] {
  return roles.flatMap((role) => [role, ...role.bySolver.values()]);
}

/** All that run for a set, in an order that means something. */
export function pluginsOf({
  roles,
  experiments,
}: ActiveSet): readonly (LoadedPlugin | undefined)[] {
  const arms = experiments.flatMap((experiment) => [...experiment.arms.values()].flat());
  return withSolvers([...roles, ...arms]).map(({ loaded }) => loaded);
}

/** The set as plans of a solver get it. */
export function forSolver(set: ActiveSet, solver: Solver): ActiveSet {
  if (!set.roles.some(({ bySolver }) => bySolver.has(solver))) return set;
  return { ...set, roles: set.roles.map((role) => role.bySolver.get(solver) ?? role) };
}

/** The set as a plan gets it: what its solver has, without the roles that are not for its quality. */
export function forPlan(offered: ActiveSet, plan: PlanView): ActiveSet {
  const set = forSolver(offered, plan.solver);
  const quality = qualityOf(plan);
  const roles = set.roles.map((role) => ofQuality(role, quality));
  return roles.every((role, i) => role === set.roles[i]) ? set : { ...set, roles };
}

function ofQuality(active: ActiveRole, quality: Quality): ActiveRole {
  const { role, binding, config } = active;
  const { qualities } = config;
  if (active.loaded === undefined || qualities === undefined || qualities.includes(quality))
    return active;
  return {
    ...active,
    config: { ...config, plugin: 'off' },
    binding: bindingOf(role, binding, undefined),
    loaded: undefined,
    declined: `serves plans of quality ${qualities.join(' or ')}, and this one is ${quality}`,
  };
}

/** How answers of a role name what gave them. */
export function bindingOf(
  role: Role,
  { deadlineMs, arm, solver }: Pick<Binding, 'deadlineMs' | 'arm' | 'solver'>,
  loaded: LoadedPlugin | undefined,
): Binding {
  const models = loaded?.models ?? [];
  return {
    role,
    plugin: loaded?.manifest.id ?? '',
    pluginVersion: loaded?.manifest.version ?? '',
    model: models.map(({ id: model, version }) => `${model}/${version}`).join(','),
    modelSha256: models.map(({ sha256 }) => sha256).join(','),
    arm,
    solver,
    deadlineMs,
  };
}
