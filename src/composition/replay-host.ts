import { dirname, resolve } from 'node:path';
import { FixedConfigSource } from '../config/live/fixed-config-source.js';
import { readConfig } from '../config/read-config.js';
import type { HostConfig, RoleConfig } from '../domain/host-config.js';
import type { RecordedPlan, ReplayedRole } from '../domain/replay/replay.js';
import type { ActiveSet } from '../host/plugins/active-set.js';
import { ReplayClock, replayPlan, rolesAsRecorded } from '../host/replay/replay-plan.js';
import { createPinoLog } from '../observability/pino-log.js';
import { ROLES, type Role } from '../plugin-sdk/index.js';
import { systemClock } from '../system/system-clock.js';
import { createContainer } from './container.js';
import { tokens } from './tokens.js';

/** Sets that stay loaded: sessions of one configuration most often follow one another. */
const KEPT_SETS = 4;

/** Of a recorded plan, whose roles are those of its solver, or of a configuration, for plans of every solver. */
export type ReplayRoles = Readonly<
  Partial<Record<Role, ReplayedRole & Partial<Pick<RoleConfig, 'bySolver'>>>>
>;
type Labels = HostConfig['models']['labels'];

interface KeptSet {
  readonly key: string;
  readonly set: ActiveSet;
  discard(): Promise<void>;
}

/** The host's plugins and models without anything that listens, for replays under one configuration file. */
export class ReplayHost {
  readonly config: HostConfig;
  readonly #clock = new ReplayClock(systemClock);
  readonly #log = createPinoLog('error', { write: () => undefined });
  readonly #container;
  #kept: KeptSet[] = [];

  /** @throws HostError `config-invalid` */
  constructor(file: string) {
    const { config } = readConfig(file);
    this.config = config;
    this.#container = createContainer({
      configSource: new FixedConfigSource(config),
      clock: this.#clock,
      log: this.#log,
      packagesFrom: dirname(resolve(file)),
      openExperimentStores: null,
    });
  }

  /** Roles that are left out are off. The set stays loaded until a few others came. */
  async setFor(roles: ReplayRoles, labels: Labels = this.config.models.labels): Promise<ActiveSet> {
    const key = JSON.stringify([roles, labels]);
    const known = this.#kept.find((kept) => kept.key === key);
    if (known !== undefined) return known.set;
    while (this.#kept.length >= KEPT_SETS) await this.#kept.shift()?.discard();
    const off = { plugin: 'off', settings: {}, onFailure: 'default' } as const;
    const configured = ROLES.map((role): readonly [Role, RoleConfig] => [
      role,
      { bySolver: {}, ...(roles[role] ?? off), deadlineMs: Number.POSITIVE_INFINITY },
    ]);
    const config: HostConfig = {
      ...this.config,
      roles: Object.fromEntries(configured) as Record<Role, RoleConfig>,
      models: { ...this.config.models, labels },
      experiments: [],
    };
    const models = await this.#container.get(tokens.modelRepository).prepare(config.models);
    const plugins = await this.#container.get(tokens.pluginHost).prepare(config, models.view);
    const discard = async () => {
      await plugins.discard();
      await models.discard();
    };
    this.#kept.push({ key, set: plugins.set, discard });
    return plugins.set;
  }

  replay(plan: RecordedPlan, set: ActiveSet) {
    const asRecorded = rolesAsRecorded(plan, set);
    return replayPlan(plan, { set, asRecorded, clock: this.#clock, log: this.#log });
  }

  async dispose(): Promise<void> {
    for (const { discard } of this.#kept.splice(0)) await discard();
    await this.#container.get(tokens.pluginHost).dispose();
    await this.#container.get(tokens.modelRepository).dispose();
    this.#container.get(tokens.metrics).dispose();
  }
}

/** Labels that make every name of a session's models mean the versions it was advised by. */
export function pinnedLabels({ bindings, basis }: RecordedPlan, configured: Labels): Labels {
  const pinned: Record<string, Readonly<Record<string, string>>> = { ...configured };
  for (const { role, model } of bindings) {
    const { settings } = basis.roles[role];
    const named = typeof settings['model'] === 'string' ? settings['model'].split('@')[1] : '';
    for (const text of model.split(',').filter((name) => name !== '')) {
      const [id = '', version = ''] = text.split('/');
      const isLabel = named !== undefined && named !== '' && !/^\d/.test(named);
      const labels = ['stable', ...Object.keys(configured[id] ?? {}), ...(isLabel ? [named] : [])];
      pinned[id] = Object.fromEntries(labels.map((label) => [label, version]));
    }
  }
  return pinned;
}
