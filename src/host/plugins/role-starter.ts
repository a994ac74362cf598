import { Breaker } from '../../domain/advice/breaker.js';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { HostConfig, RoleConfig, ServedRole } from '../../domain/host-config.js';
import type { ModelView } from '../../domain/operations/activation.js';
import type { RoleMeter, RoleMetrics } from '../../domain/operations/metrics.js';
import { type Role, SOLVERS, type Solver } from '../../plugin-sdk/index.js';
import { type ActiveRole, bindingOf } from './active-set.js';
import type { Discovery, FoundPlugin } from './plugin-discovery.js';
import type { PluginInstance, PluginPool } from './plugin-pool.js';

/** A role that is ready, and what runs for it. */
export interface StartedRole {
  readonly role: ActiveRole;
  readonly instances: readonly PluginInstance[];
}

/** What the roles of one set are started from. */
export interface RoleSource {
  readonly discovery: Discovery;
  readonly config: HostConfig;
  readonly models: ModelView;
}

/** Whose plans a role serves: those of an arm, of a solver. */
interface Served {
  readonly role: Role;
  readonly arm: string;
  readonly solver: Solver | undefined;
}

/** Starts the plugins of a role. Never rejects for a plugin: the role is off instead, and says why. */
export class RoleStarter {
  readonly #pool: PluginPool;
  readonly #metrics: RoleMetrics;
  /** By role, arm and solver, whatever plugin serves it: open plans go on to count in a set that is in force no more. */

  constructor(pool: PluginPool, metrics: RoleMetrics) {
    this.#pool = pool;
    this.#metrics = metrics;
  }

  /** For plans of every solver; `arm` as advice names it. */
  async start(role: Role, config: RoleConfig, source: RoleSource, arm = ''): Promise<StartedRole> {
    const bySolver = new Map<Solver, ActiveRole>();
    const instances: PluginInstance[] = [];
    for (const solver of SOLVERS) {
      const served = config.bySolver[solver];
      if (served === undefined) continue;
      const started = await this.#startServed(served, source, { role, arm, solver });
      bySolver.set(solver, started.role);
      instances.push(...started.instances);
    }
    const { bySolver: _, ...served } = config;
    const others = await this.#startServed(served, source, { role, arm, solver: undefined });
    instances.push(...others.instances);
    return { role: { ...others.role, bySolver }, instances };
  }

  async #startServed(
    served: ServedRole,
    { discovery, config, models }: RoleSource,
    { role, arm, solver }: Served,
  ): Promise<StartedRole> {
    let instance: PluginInstance | undefined;
    let refusal: HostError | undefined;
    if (served.plugin !== 'off') {
      try {
        const plugin = findPlugin(discovery, role, served.plugin);
        instance = await this.#pool.acquire(plugin, { role, served, config, view: models });
      } catch (thrown) {
        const params = { plugin: served.plugin, problem: describeThrown(thrown) };
        refusal = HostError.is(thrown) ? thrown : new HostError('plugin-create-failed', params);
      }
    }
    const loaded = instance?.loaded;
    const { deadlineMs } = served;
    const binding = bindingOf(role, { deadlineMs, arm, solver }, loaded);
    const { hostFailures: failures, windowMs, coolDownMs } = config.breaker;
    const breaker = instance?.breaker ?? new Breaker({ failures, windowMs, coolDownMs });
    const metrics = this.#metrics;
    let meter: RoleMeter | undefined;
    const active: ActiveRole = {
      role,
      binding,
      config: served,
      bySolver: new Map(),
      loaded,
      refusal,
      breaker,
      // A set that is only tried leaves no figures.
      get meter() {
        meter ??= metrics.role(binding);
        return meter;
      },
    };
    return { role: active, instances: instance === undefined ? [] : [instance] };
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
