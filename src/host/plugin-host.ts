import type { Binding } from '../domain/advice.js';
import { Breaker } from '../domain/breaker.js';
import type { Clock } from '../domain/clock.js';
import type { HostConfig } from '../domain/host-config.js';
import { HostError } from '../domain/host-error.js';
import type { Log } from '../domain/log.js';
import type {
  InferenceClient,
  MetricsSink,
  PluginCatalogue,
  PluginState,
  RoleBoard,
  RoleState,
} from '../domain/ports.js';
import { type RandomSource, ROLES, type Role } from '../plugin-sdk/index.js';
import { type ActiveRole, type ActiveSet, RoleTally } from './active-set.js';
import { type Discovery, discoverPlugins } from './plugin-discovery.js';
import { loadPlugin } from './plugin-loader.js';

export interface PluginHostServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricsSink;
  readonly random: RandomSource;
  readonly inference: InferenceClient;
}

/** Where the host's own plugins lie and where package names are looked up. */
export interface PluginHome {
  readonly builtInDirectory: string;
  readonly packagesFrom: string;
}

/** Finds, checks and starts plugins, and holds what new sessions get. */
export class PluginHost implements PluginCatalogue, RoleBoard {
  readonly #services: PluginHostServices;
  readonly #home: PluginHome;
  readonly #listeners: (() => void)[] = [];
  #discovery: Discovery = { found: new Map(), refused: [] };
  #active: ActiveSet | undefined;

  constructor(services: PluginHostServices, home: PluginHome) {
    this.#services = services;
    this.#home = home;
  }

  /** Starts the plugins of a configuration. Never rejects for a plugin: the role is off instead, and says so. */
  async activate(config: HostConfig): Promise<ActiveSet> {
    this.#discovery = discoverPlugins({
      directories: [this.#home.builtInDirectory, ...config.plugins.directories],
      packages: config.plugins.packages,
      resolveFrom: this.#home.packagesFrom,
    });
    for (const { id, error } of this.#discovery.refused) {
      this.#services.log.warn('plugin refused', {
        plugin: id,
        code: error.code,
        reason: error.message,
      });
    }
    const roles = await Promise.all(ROLES.map((role) => this.#activateRole(role, config)));
    const set: ActiveSet = Object.freeze({ generation: config.generation, config, roles });
    this.#active = set;
    this.#services.metrics.generation(set.generation);
    this.roleChanged();
    return set;
  }

  get active(): ActiveSet {
    if (this.#active === undefined) throw new HostError('internal', { incident: 'not-activated' });
    return this.#active;
  }

  /** A breaker moved. */
  roleChanged(): void {
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  generation(): number {
    return this.active.generation;
  }

  roles(): readonly RoleState[] {
    const nowMs = this.#services.clock.nowMs();
    return this.active.roles.map(({ role, binding, breaker, tally, refusal }) => {
      const state = breaker.state(nowMs);
      return {
        binding,
        breaker: state,
        outcomes: tally.counts(role),
        isHealthy: refusal === undefined && state !== 'open',
      };
    });
  }

  plugins(): readonly PluginState[] {
    const found = [...this.#discovery.found.values()].map(({ manifest }): PluginState => {
      const { id, version, role, stability } = manifest;
      const active = this.active.roles.find((other) => other.config.plugin === id);
      const refusal = active?.refusal;
      return {
        ...{ id, version, role, stability },
        state: refusal !== undefined ? 'refused' : active?.loaded ? 'active' : 'available',
        reason: refusal?.message ?? '',
      };
    });
    const refused = this.#discovery.refused.map(({ id, error }): PluginState => {
      const unknown = { version: '', role: undefined, stability: '' };
      return { id, ...unknown, state: 'refused', reason: error.message };
    });
    return [...found, ...refused];
  }

  async dispose(): Promise<void> {
    const loaded = this.#active?.roles.flatMap((role) => role.loaded ?? []) ?? [];
    for (const { plugin, manifest } of loaded) {
      try {
        await plugin.dispose?.();
      } catch (thrown) {
        // The host is leaving; a plugin that cannot let go must not hold it.
        this.#services.log.warn('plugin failed to dispose', { plugin: manifest.id, err: thrown });
      }
    }
  }

  async #activateRole(role: Role, config: HostConfig): Promise<ActiveRole> {
    const roleConfig = config.roles[role];
    const { plugin: id, deadlineMs } = roleConfig;
    let loaded: ActiveRole['loaded'];
    let refusal: HostError | undefined;
    if (id !== 'off') {
      try {
        loaded = await this.#load(role, config);
      } catch (thrown) {
        if (!HostError.is(thrown)) throw thrown;
        refusal = thrown;
      }
    }
    const models = loaded?.models ?? [];
    const binding: Binding = {
      role,
      plugin: loaded?.manifest.id ?? '',
      pluginVersion: loaded?.manifest.version ?? '',
      model: models.map(({ id: model, version }) => `${model}/${version}`).join(','),
      modelSha256: models.map(({ sha256 }) => sha256).join(','),
      arm: '',
      deadlineMs,
    };
    const { log, metrics } = this.#services;
    const fields = { role, plugin: id, generation: config.generation };
    if (refusal === undefined)
      log.info('role bound', { ...fields, version: binding.pluginVersion, model: binding.model });
    else
      log.error('plugin refused, role is off', {
        ...fields,
        code: refusal.code,
        reason: refusal.message,
      });
    const { hostFailures: failures, windowMs, coolDownMs } = config.breaker;
    return {
      ...{ role, binding, config: roleConfig, loaded, refusal },
      breaker: new Breaker({ failures, windowMs, coolDownMs }),
      meter: metrics.role(binding),
      tally: new RoleTally(),
    };
  }

  #load(role: Role, config: HostConfig) {
    const { found, refused } = this.#discovery;
    const plugin = found.get(config.roles[role].plugin);
    if (plugin === undefined) {
      const refusal = refused.find(({ id }) => id === config.roles[role].plugin);
      if (refusal !== undefined) throw refusal.error;
      throw new HostError('plugin-not-found', {
        role,
        plugin: config.roles[role].plugin,
        known: [...found.keys()].join(', ') || 'none',
      });
    }
    const { clock, random, inference, log } = this.#services;
    return loadPlugin(plugin, role, config.roles[role], {
      clock,
      loadTimeoutMs: config.plugins.loadTimeoutMs,
      inference,
      servicesFor: (id) => ({ clock, random, logger: log.child({ plugin: id }) }),
    });
  }
}
