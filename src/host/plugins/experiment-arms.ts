import { HostError } from '../../domain/errors/host-error.js';
import type { Experiment, RoleOverride } from '../../domain/experiments/experiments.js';
import type { HostConfig, RoleConfig } from '../../domain/host-config.js';
import type { ActivationFault } from '../../domain/operations/activation.js';
import { overrideRole } from '../../domain/override-role.js';
import { ROLES, type Role } from '../../plugin-sdk/index.js';
import {
  type ActiveRole,
  type ActiveSet,
  type ReadyExperiment,
  withSolvers,
} from './active-set.js';
import type { LoadedPlugin } from './plugin-loader.js';
import type { PluginInstance } from './plugin-pool.js';
import type { StartedRole } from './role-starter.js';

export interface ArmStarter {
  /** Starts a role under another configuration of it; `arm` as advice names it. */
  start(role: Role, config: RoleConfig, arm: string): Promise<StartedRole>;
  release(instance: PluginInstance): Promise<void>;
}

/** An experiment that takes no plans, and why. */
export interface RefusedExperiment {
  readonly id: string;
  readonly path: ActivationFault['path'];
  readonly error: HostError;
}

export interface StartedExperiments {
  readonly ready: readonly ReadyExperiment[];
  readonly refused: readonly RefusedExperiment[];
  readonly instances: readonly PluginInstance[];
}

/** How advice and metrics name an arm. */
export const armLabel = (experiment: string, arm: string): string => `${experiment}/${arm}`;

/** Roles that any arm overrides, control's own included: figures of all arms stand side by side. */
export function rolesOf({ arms }: Experiment): readonly Role[] {
  return ROLES.filter((role) => arms.some(({ roles }) => roles[role] !== undefined));
}

/** Starts all arms of all running experiments. An experiment with an arm that can't be served is refused as a whole. */
export async function startExperiments(
  { experiments, roles }: HostConfig,
  starter: ArmStarter,
): Promise<StartedExperiments> {
  const ready: ReadyExperiment[] = [];
  const refused: RefusedExperiment[] = [];
  const instances: PluginInstance[] = [];
  for (const [index, experiment] of experiments.entries()) {
    if (experiment.state === 'ended') continue;
    const ofExperiment: PluginInstance[] = [];
    const arms = new Map<string, readonly ActiveRole[]>();
    let refusal: RefusedExperiment | undefined;
    for (const [place, arm] of experiment.arms.entries()) {
      const started: ActiveRole[] = [];
      for (const role of rolesOf(experiment)) {
        const override = arm.roles[role];
        const config = overrideRole(roles[role], override);
        const label = armLabel(experiment.id, arm.id);
        const { role: active, instances: running } = await starter.start(role, config, label);
        ofExperiment.push(...running);
        started.push(active);
        const problem = problemOf(active, override);
        if (problem === undefined || refusal !== undefined) continue;
        const params = { experiment: experiment.id, arm: arm.id, role, problem };
        const path = ['experiments', index, 'arms', place, 'roles', role];
        refusal = { id: experiment.id, path, error: new HostError('experiment-arm', params) };
      }
      arms.set(arm.id, started);
    }
    if (refusal === undefined) {
      ready.push({ experiment, arms });
      instances.push(...ofExperiment);
    } else {
      refused.push(refusal);
      for (const instance of ofExperiment) await starter.release(instance);
    }
  }
  return { ready, refused, instances };
}

function problemOf(active: ActiveRole, override: RoleOverride | undefined): string | undefined {
  const all = withSolvers([active]);
  const refusal = all.flatMap((activeRole) => activeRole.refusal ?? [])[0];
  if (refusal !== undefined) return `${refusal.message} (${refusal.code})`;
  const model = override?.model;
  if (model === undefined) return undefined;
  if (active.loaded === undefined) return `it names model ${model}, but the role is off`;
  const other = all.find(({ loaded }) => loaded !== undefined && !isServedBy(loaded, model));
  return other === undefined
    ? undefined
    : `plugin ${other.config.plugin} did not open model ${model}; perhaps it has no setting \`model\``;
}

/** A plugin may ignore a setting it does not know; then the arm would be another than its name says. */
export function isServedBy({ models }: LoadedPlugin, name: string): boolean {
  const [id, which = ''] = name.split('@');
  const isVersion = /^\d/.test(which);
  return models.some((model) => model.id === id && (!isVersion || model.version === which));
}

/** The set as a plan gets it that is in these arms. */
export function withArms(set: ActiveSet, arms: ReadonlyMap<string, string>): ActiveSet {
  const served = set.experiments.flatMap(({ experiment, arms: ready }) => {
    const arm = arms.get(experiment.id);
    return arm === undefined ? [] : (ready.get(arm) ?? []);
  });
  if (served.length === 0) return set;
  const roles = set.roles.map((base) => served.find(({ role }) => role === base.role) ?? base);
  return { ...set, roles };
}
