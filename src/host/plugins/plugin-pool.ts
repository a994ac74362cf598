import { isDeepStrictEqual } from 'node:util';
import { Breaker } from '../../domain/advice/breaker.js';
import type { HostConfig, ServedRole } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import type { ModelLease, ModelView } from '../../domain/operations/activation.js';
import type { Role } from '../../plugin-sdk/index.js';
import { type CodeIdentity, PluginCode } from './plugin-code.js';
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
    const code = await this.#code.identify(plugin);
    const wanted = { code, settings, role, breakerConfig: config.breaker };
    const running = await this.#findAlike(wanted, view);
    if (running !== undefined) {
      running.users += 1;
      return running;
    }
    const lease = view.lease();
    const importing = () => this.#code.loading(code);
    const context = { ...this.#services.context(config), inference: lease, importing };
    try {
      const loaded = await loadPlugin(plugin, role, served, context);
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

  async #findAlike(
    wanted: Pick<Held, 'code' | 'settings' | 'role' | 'breakerConfig'>,
    view: ModelView,
  ): Promise<Held | undefined> {
    for (const instance of this.#instances) {
      const { code, settings, role, breakerConfig, lease } = instance;
      if (!isDeepStrictEqual({ code, settings, role, breakerConfig }, wanted)) continue;
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
