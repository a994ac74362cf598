import { Breaker } from '../../domain/advice/breaker.js';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { HostConfig } from '../../domain/host-config.js';
import type { ModelView } from '../../domain/operations/activation.js';
import type { MetricsSink, RoleMeter } from '../../domain/operations/metrics.js';
import type { Role } from '../../plugin-sdk/index.js';
import { type ActiveRole, bindingOf, RoleCounts } from './active-set.js';
import type { StartedRole } from './experiment-arms.js';
import type { Discovery, FoundPlugin } from './plugin-discovery.js';
import type { PluginInstance, PluginPool } from './plugin-pool.js';

/** Starts the plugin of a role as a configuration has it. */
export class RoleStarter {
  readonly #pool: PluginPool;
  readonly #metrics: MetricsSink;

  constructor(pool: PluginPool, metrics: MetricsSink) {
    this.#pool = pool;
    this.#metrics = metrics;
  }

  /** Never rejects for a plugin: the role is off instead, and says so. */
  async start(
    discovery: Discovery,
    role: Role,
    config: HostConfig,
    models: ModelView,
    arm = '',
  ): Promise<StartedRole> {
    const roleConfig = config.roles[role];
    let instance: PluginInstance | undefined;
    let refusal: HostError | undefined;
    if (roleConfig.plugin !== 'off') {
      try {
        const plugin = findPlugin(discovery, role, roleConfig.plugin);
        instance = await this.#pool.acquire(plugin, role, config, models);
      } catch (thrown) {
        const params = { plugin: roleConfig.plugin, problem: describeThrown(thrown) };
        refusal = HostError.is(thrown) ? thrown : new HostError('plugin-create-failed', params);
      }
    }
    const loaded = instance?.loaded;
    const binding = bindingOf(role, { deadlineMs: roleConfig.deadlineMs, arm }, loaded);
    const { hostFailures: failures, windowMs, coolDownMs } = config.breaker;
    const breaker = instance?.breaker ?? new Breaker({ failures, windowMs, coolDownMs });
    const metrics = this.#metrics;
    let meter: RoleMeter | undefined;
    const active: ActiveRole = {
      role,
      binding,
      config: roleConfig,
      loaded,
      refusal,
      breaker,
      counts: new RoleCounts(),
      // A set that is only tried leaves no figures.
      get meter() {
        meter ??= metrics.role(binding);
        return meter;
      },
    };
    return { role: active, instance };
  }
}

/** @throws HostError the refusal of the plugin, or `plugin-not-found`. */
function findPlugin({ found, refused }: Discovery, role: Role, plugin: string): FoundPlugin {
  const known = found.get(plugin);
  if (known !== undefined) return known;
  const refusal = refused.find(({ id }) => id === plugin);
  if (refusal !== undefined) throw refusal.error;
  const names = [...found.keys()].join(', ') || 'none';
  throw new HostError('plugin-not-found', { role, plugin, known: names });
}
