import { pinnedLabels, type ReplayHost, type ReplayRoles } from '../../composition/replay-host.js';
import { HostError } from '../../domain/errors/host-error.js';
import { overrideRole } from '../../domain/override-role.js';
import type { RecordedPlan } from '../../domain/replay/replay.js';
import { type ActiveSet, forSolver } from '../../host/plugins/active-set.js';
import { isServedBy, rolesOf } from '../../host/plugins/experiment-arms.js';
import { ROLES, type Role } from '../../plugin-sdk/index.js';

/** The arm that every session was recorded with. */
export const RECORDED = 'recorded';

/** What sessions are sent through. */
export interface ReplayArm {
  readonly name: string;
  readonly host: ReplayHost;
  /** Undefined: what each session was recorded with. */
  readonly roles: ReplayRoles | undefined;
  /** Models that have to be open, by role. */
  readonly models: Readonly<Partial<Record<Role, string>>>;
}

export function recordedArm(host: ReplayHost): ReplayArm {
  return { name: RECORDED, host, roles: undefined, models: {} };
}

function refuse(wanted: string, problem: string): never {
  throw new HostError('replay-arm', { wanted, problem });
}

/** `EXPERIMENT=ARM` of the configuration, shadow arms and ended experiments included, or `recorded`. @throws HostError `replay-arm` */
export function experimentArm(host: ReplayHost, text: string): ReplayArm {
  if (text === RECORDED) return recordedArm(host);
  const { experiments, roles } = host.config;
  const known = experiments.flatMap((experiment) =>
    [...experiment.arms, ...experiment.shadowArms].map((arm) => ({ experiment, arm })),
  );
  const found = known.find(({ experiment, arm }) => `${experiment.id}=${arm.id}` === text);
  if (found === undefined) {
    const names = known.map(({ experiment, arm }) => `${experiment.id}=${arm.id}`);
    return refuse(text, `known arms: ${[RECORDED, ...names].join(', ')}`);
  }
  const { experiment, arm } = found;
  const all = [...new Set([...rolesOf(experiment), ...(Object.keys(arm.roles) as Role[])])];
  const served = all.map((role) => [role, overrideRole(roles[role], arm.roles[role])] as const);
  const models = all.map((role) => [role, arm.roles[role]?.model] as const);
  return {
    name: text,
    host,
    roles: Object.fromEntries(served),
    models: Object.fromEntries(models.filter(([, model]) => model !== undefined)),
  };
}

/** `ROLE=PLUGIN[@MODEL]`s, as one arm. A number is a version of the model that is called like the plugin. @throws HostError `replay-arm` */
export function typedArm(host: ReplayHost, texts: readonly string[]): ReplayArm {
  const roles: Record<string, ReplayRoles[Role]> = {};
  const models: Record<string, string> = {};
  for (const text of texts) {
    const [, role = '', plugin = '', which] = /^([a-z-]+)=([^@]+)(?:@(.+))?$/.exec(text) ?? [];
    const known = ROLES.find((candidate) => candidate === role);
    if (known === undefined || plugin === '') {
      return refuse(text, `write ROLE=PLUGIN or ROLE=PLUGIN@MODEL; roles: ${ROLES.join(', ')}`);
    }
    const model = which !== undefined && /^\d/.test(which) ? `${plugin}@${which}` : which;
    roles[role] = overrideRole(host.config.roles[known], { plugin, model, settings: {} });
    if (model !== undefined) models[role] = model;
  }
  return { name: texts.join(' '), host, roles: roles as ReplayRoles, models };
}

/** All roles of a configuration file. */
export function configuredArm(host: ReplayHost, file: string): ReplayArm {
  return { name: file, host, roles: host.config.roles, models: {} };
}

const described = (plugin: string, version: string, model: string) =>
  `${plugin} ${version}${model && `, ${model}`}`;

/** Why the host is not the one that the session was recorded with; undefined when it is. */
function notAsRecorded(plan: RecordedPlan, set: ActiveSet): string | undefined {
  for (const { role, plugin, pluginVersion, model, modelSha256 } of plan.bindings) {
    if (plugin === '') continue;
    const active = set.roles.find((active) => active.role === role);
    if (active?.loaded === undefined) {
      const why = active?.refusal?.message ?? 'it is not there';
      return `${role} was served by ${described(plugin, pluginVersion, model)}: ${why}`;
    }
    const { binding } = active;
    const recorded = described(plugin, pluginVersion, model);
    const installed = described(binding.plugin, binding.pluginVersion, binding.model);
    if (recorded !== installed)
      return `${role} was served by ${recorded}, and here is ${installed}`;
    if (modelSha256 !== binding.modelSha256) return `model ${model} is here with other content`;
  }
  const volume = plan.basis.wanted.find(({ kind }) => plan.volumes.includes(kind));
  return volume && `a plugin saw the volume ${volume.kind}, and volumes are never stored`;
}

/** The set that a session goes through. @throws HostError `replay-unable`, `replay-arm` */
export async function setFor(arm: ReplayArm, plan: RecordedPlan): Promise<ActiveSet> {
  const { host, roles, models, name } = arm;
  if (roles === undefined) {
    const labels = pinnedLabels(plan, host.config.models.labels);
    const set = await host.setFor(plan.basis.roles, labels);
    const problem = notAsRecorded(plan, set);
    if (problem === undefined) return set;
    throw new HostError('replay-unable', { session: plan.sessionId, problem });
  }
  const set = forSolver(await host.setFor(roles), plan.plan.solver);
  for (const { role, refusal, loaded } of set.roles) {
    if (refusal !== undefined) return refuse(name, `${role}: ${refusal.message}`);
    const model = models[role];
    if (model === undefined || (loaded !== undefined && isServedBy(loaded, model))) continue;
    return refuse(name, `${role} did not open model ${model}`);
  }
  return set;
}
