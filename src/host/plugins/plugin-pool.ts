import { isDeepStrictEqual } from 'node:util';
import { Breaker } from '../../domain/advice/breaker.js';
import type { Clock } from '../../domain/clock.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { HostConfig, IsolationConfig, ServedRole } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import type { ModelLease, ModelView } from '../../domain/operations/activation.js';
import type { PluginProcessState } from '../../domain/operations/plugin-processes.js';
import type { Role } from '../../plugin-sdk/index.js';
import { type IsolationServices, isIsolated, loadIsolated } from '../isolation/load-isolated.js';
import { type CodeIdentity, PluginCode, readCode } from './plugin-code.js';
import type { FoundPlugin } from './plugin-discovery.js';
import { type LoadContext, type LoadedPlugin, loadPlugin } from './plugin-loader.js';

/** A plugin that runs, with what it holds and who uses it. */
export interface PluginInstance {
  readonly role: Role;
  readonly loaded: LoadedPlugin;
  /** Of the whole host: a plugin that keeps failing stays off when another role changes. */
  readonly breaker: Breaker;
}

interface Held extends PluginInstance {
  readonly code: CodeIdentity;
  readonly settings: ServedRole['settings'];
  readonly breakerConfig: HostConfig['breaker'];
  /** Undefined when it runs in the host's process. */
  readonly isolation: IsolationConfig | undefined;
  readonly lease: ModelLease;
  /** Active sets. */
  users: number;
}

/** What a plugin is started for. */
export interface PluginUse {
  readonly role: Role;
  readonly served: ServedRole;
  readonly config: HostConfig;
  readonly view: ModelView;
}

export interface PoolServices {
  readonly log: Log;
  readonly clock: Clock;
  /** Absent: every plugin runs in the host's process, and one in Python not at all. */
  readonly isolation: IsolationServices | undefined;
  readonly context: (config: HostConfig) => Omit<LoadContext, 'inference' | 'importing'>;
}

/**
 * Running plugins. One whose code, settings and models are the same in the next configuration goes on as it is, state of its
 * breaker included; one that no active set uses is disposed, and its models are released.
 */
export class PluginPool {
  readonly #services: PoolServices;
  readonly #code = new PluginCode();
  readonly #instances = new Set<Held>();

  constructor(services: PoolServices) {
    this.#services = services;
  }

  /** Starts a plugin, or joins one that runs. @throws HostError */
  async acquire(
    plugin: FoundPlugin,
    { role, served, config, view }: PluginUse,
  ): Promise<PluginInstance> {
    const { settings } = served;
    const isolation = this.#isolationOf(plugin, config);
    // In a process of its own changed code is another process, and open plans keep theirs.
    const code = await (isolation === undefined ? this.#code.identify(plugin) : readCode(plugin));
    const wanted = { code, settings, role, breakerConfig: config.breaker, isolation };
    const running = await this.#findAlike(wanted, view);
    if (running !== undefined) {
      running.users += 1;
      return running;
    }
    const lease = view.lease();
    try {
      const loaded = await this.#load(plugin, { role, served, config }, code, lease);
      const { hostFailures: failures, windowMs, coolDownMs } = config.breaker;
      const breaker = new Breaker({ failures, windowMs, coolDownMs });
      const instance = { ...wanted, loaded, breaker, lease, users: 1 };
      this.#instances.add(instance);
      return instance;
    } catch (thrown) {
      await lease.release();
      throw thrown;
    }
  }

  async release(instance: PluginInstance): Promise<void> {
    const held = instance as Held;
    held.users -= 1;
    if (held.users === 0) await this.#dispose(held);
  }

  async dispose(): Promise<void> {
    for (const instance of [...this.#instances]) await this.#dispose(instance);
  }

  #isolationOf(plugin: FoundPlugin, config: HostConfig): IsolationConfig | undefined {
    const { isolation } = config.plugins;
    if (!isIsolated(plugin, isolation)) return undefined;
    if (this.#services.isolation !== undefined) return isolation;
    const { id, runtime } = plugin.manifest;
    if (runtime !== 'node') throw new HostError('plugin-runtime', { plugin: id, runtime });
    return undefined;
  }

  #load(
    plugin: FoundPlugin,
    { role, served, config }: Omit<PluginUse, 'view'>,
    code: CodeIdentity,
    inference: ModelLease,
  ): Promise<LoadedPlugin> {
    const { settings } = served;
    const { isolation, clock, log: hostLog, context } = this.#services;
    if (isolation === undefined || !isIsolated(plugin, config.plugins.isolation)) {
      const importing = () => this.#code.loading(code);
      return loadPlugin(plugin, role, settings, { ...context(config), inference, importing });
    }
    const log = hostLog.child({ plugin: plugin.manifest.id });
    const apart = { ...isolation, clock, log, config, inference, code };
    return loadIsolated(plugin, role, settings, apart);
  }

  /** Processes of plugins, as they stand. */
  processes(): readonly PluginProcessState[] {
    return [...this.#instances].flatMap(({ loaded }) => loaded.process?.() ?? []);
  }

  async #findAlike(
    wanted: Pick<Held, 'code' | 'settings' | 'role' | 'breakerConfig' | 'isolation'>,
    view: ModelView,
  ): Promise<Held | undefined> {
    for (const instance of this.#instances) {
      const { code, settings, role, breakerConfig, isolation, lease } = instance;
      const running = { code, settings, role, breakerConfig, isolation };
      if (!isDeepStrictEqual(running, wanted)) continue;
      const names = [...lease.opened];
      const current = await Promise.all(names.map(([name]) => view.identify(name)));
      const isSame = names.every(([, key], i) => key === current[i]);
      // It may have been released while the models were looked at.
      if (isSame && instance.users > 0) return instance;
    }
    return undefined;
  }

  async #dispose(instance: Held): Promise<void> {
    if (!this.#instances.delete(instance)) return;
    const { plugin, manifest } = instance.loaded;
    try {
      await plugin.dispose?.();
    } catch (thrown) {
      // A plugin that cannot release what it holds must hold neither the host nor its models.
      this.#services.log.warn('plugin failed to dispose', { plugin: manifest.id, err: thrown });
    }
    await instance.lease.release();
  }
}
