import type { Clock } from '../../domain/clock.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { HostConfig } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import type { ModelView } from '../../domain/operations/activation.js';
import type { HostMetrics } from '../../domain/operations/metrics.js';
import { type PluginActivity, UNWATCHED } from '../../domain/operations/plugin-activity.js';
import type {
  PluginProcesses,
  PluginProcessState,
} from '../../domain/operations/plugin-processes.js';
import type {
  PluginCatalogue,
  PluginState,
  RoleBoard,
  RoleState,
} from '../../domain/operations/role-board.js';
import { type RandomSource, ROLES } from '../../plugin-sdk/index.js';
import type { IsolationServices } from '../isolation/load-isolated.js';
import {
  type ActiveRole,
  type ActiveSet,
  createActiveSet,
  pluginsOf,
  withSolvers,
} from './active-set.js';
import { type RefusedExperiment, startExperiments } from './experiment-arms.js';
import { type Discovery, discoverPlugins } from './plugin-discovery.js';
import { type PluginInstance, PluginPool } from './plugin-pool.js';
import { RoleStarter } from './role-starter.js';

export interface PluginHostServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<HostMetrics, 'roles' | 'control'>;
  readonly random: RandomSource;
  /** Told of plugins at work; absent: nobody is. */
  readonly activity?: PluginActivity | undefined;
  /** Absent: plugins run in this process, whatever the configuration says. */
  readonly isolation?: IsolationServices | undefined;
}

/** Where the host's own plugins lie and where package names are looked up. */
export interface PluginHome {
  readonly builtInDirectory: string;
  readonly packagesFrom: string;
}

/** A set that is ready and that no session gets yet. */
export interface PreparedSet {
  readonly set: ActiveSet;
  /** Whether what is in force has the same role refused for the same reason. */
  isOldRefusal(role: ActiveRole): boolean;
  readonly isDifferent: boolean;
  /** Experiments that can't take plans. */
  readonly refused: readonly RefusedExperiment[];
  /** Whether what is in force has the same experiment refused for the same reason. */
  isOldExperiment(refused: RefusedExperiment): boolean;
  commit(): void;
  discard(): Promise<void>;
}

/** Finds, checks and starts plugins, and holds what new sessions get. */
export class PluginHost implements PluginCatalogue, PluginProcesses, RoleBoard {
  readonly #services: PluginHostServices;
  readonly #home: PluginHome;
  readonly #pool: PluginPool;
  readonly #starter: RoleStarter;
  readonly #listeners: (() => void)[] = [];
  #discovery: Discovery = { found: new Map(), refused: [] };
  #active: ActiveSet | undefined;
  #refused: readonly RefusedExperiment[] = [];
  #releaseActive: (() => void) | undefined;
  /** Plugins of former sets on their way out. */
  #leaving: Promise<unknown> = Promise.resolve();

  constructor(services: PluginHostServices, home: PluginHome) {
    this.#services = services;
    this.#home = home;
    const { clock, random, log, metrics, activity = UNWATCHED, isolation } = services;
    this.#pool = new PluginPool({
      log,
      clock,
      isolation,
      context: ({ plugins }) => ({
        clock,
        activity,
        loadTimeoutMs: plugins.loadTimeoutMs,
        servicesFor: (id) => ({ clock, random, logger: log.child({ plugin: id }) }),
      }),
    });
    this.#starter = new RoleStarter(this.#pool, metrics.roles);
  }

  /** Starts the plugins of a configuration and gives them to new sessions, whatever was refused. */
  async activate(config: HostConfig, models: ModelView): Promise<ActiveSet> {
    const prepared = await this.prepare(config, models);
    prepared.commit();
    return prepared.set;
  }

  /** Starts the plugins of a configuration. Never rejects for a plugin: the role is off instead, and says so. */
  async prepare(config: HostConfig, models: ModelView): Promise<PreparedSet> {
    const discovery = discoverPlugins({
      directories: [this.#home.builtInDirectory, ...config.plugins.directories],
      packages: config.plugins.packages,
      resolveFrom: this.#home.packagesFrom,
    });
    const source = { discovery, config, models };
    const starting = ROLES.map((role) => this.#starter.start(role, config.roles[role], source));
    const started = await Promise.all(starting);
    const { generation } = config;
    const roles = started.map(({ role }) => role);
    const arms = await startExperiments(config, {
      start: (role, changed, arm) => this.#starter.start(role, changed, source, arm),
      release: (instance) => this.#pool.release(instance),
    });
    const { ready: experiments, refused } = arms;
    const instances = [
      ...started.flatMap((startedRole) => startedRole.instances),
      ...arms.instances,
    ];
    const parts = { generation, config, roles, experiments };
    const set = createActiveSet(parts, () => this.#release(instances));
    // Nobody may take it for unused before it is either in force or discarded.
    const release = set.retain();
    return {
      set,
      isOldRefusal: (role) => this.#isOldRefusal(role),
      isDifferent: this.#isDifferent(set),
      refused,
      isOldExperiment: ({ id, error }) =>
        this.#refused.some((old) => old.id === id && old.error.message === error.message),
      commit: () => this.#commit(set, { discovery, refused, release }),
      discard: async () => {
        release();
        await this.#leaving;
      },
    };
  }

  /** The plugin whose code a stack goes through, if any. */
  ownerOf(stack: string): string | undefined {
    const found = [...this.#discovery.found.values()];
    return found.find(({ folder }) => stack.includes(`${folder}/`))?.manifest.id;
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
    return withSolvers(this.active.roles).map(({ binding, breaker, refusal }) => {
      const state = breaker.state(nowMs);
      return {
        binding,
        breaker: state,
        outcomes: this.#services.metrics.roles.outcomes(binding),
        isHealthy: refusal === undefined && state !== 'open',
      };
    });
  }

  plugins(): readonly PluginState[] {
    const found = [...this.#discovery.found.values()].map(({ manifest }): PluginState => {
      const { id, version, role, stability, description } = manifest;
      const serving = withSolvers(this.active.roles).filter(({ config }) => config.plugin === id);
      const refusal = serving.flatMap((active) => active.refusal ?? [])[0];
      const running = pluginsOf(this.active).filter((loaded) => loaded?.manifest.id === id);
      const processes = this.processes().filter(({ plugin }) => plugin === id);
      const isApart = running.some((loaded) => loaded?.process !== undefined);
      return {
        id,
        version,
        role,
        stability,
        description,
        state: refusal !== undefined ? 'refused' : running.length > 0 ? 'active' : 'available',
        reason: refusal?.message ?? '',
        isolation: running.length === 0 ? '' : isApart ? 'process' : 'inline',
        restarts: processes.reduce((sum, { restarts }) => sum + restarts, 0),
        lastEnd: processes.map(({ lastProblem }) => lastProblem).find((end) => end !== '') ?? '',
      };
    });
    const refused = this.#discovery.refused.map(({ id, error }): PluginState => {
      const unknown = { version: '', role: undefined, stability: '' };
      const nowhere = { isolation: '', restarts: 0, lastEnd: '' } as const;
      return { id, ...unknown, state: 'refused', reason: error.message, ...nowhere };
    });
    return [...found, ...refused];
  }

  processes(): readonly PluginProcessState[] {
    return this.#pool.processes();
  }

  async dispose(): Promise<void> {
    this.#releaseActive?.();
    await this.#leaving;
    await this.#pool.dispose();
  }

  #commit(
    set: ActiveSet,
    parts: {
      readonly discovery: Discovery;
      readonly refused: readonly RefusedExperiment[];
      readonly release: () => void;
    },
  ): void {
    const { discovery, refused, release } = parts;
    const { log, metrics } = this.#services;
    const releaseFormer = this.#releaseActive;
    this.#discovery = discovery;
    this.#active = set;
    this.#refused = refused;
    this.#releaseActive = release;
    metrics.control.generation(set.generation);
    for (const { id, error } of discovery.refused) {
      log.warn('plugin refused', { plugin: id, code: error.code, reason: error.message });
    }
    const nowMs = this.#services.clock.nowMs();
    for (const { role, config, binding, refusal, breaker } of withSolvers(set.roles)) {
      metrics.roles.role(binding);
      metrics.roles.breaker(binding, breaker.state(nowMs));
      const { pluginVersion: version, model, solver } = binding;
      const forSolver = solver === undefined ? {} : { solver };
      const fields = { role, ...forSolver, plugin: config.plugin, generation: set.generation };
      if (refusal === undefined) log.info('role bound', { ...fields, version, model });
      else {
        const why = { code: refusal.code, reason: refusal.message };
        log.error('plugin refused, role is off', { ...fields, ...why });
      }
    }
    for (const { id: experiment, error } of refused) {
      log.error('experiment takes no plans', { experiment, reason: error.message });
    }
    releaseFormer?.();
    this.roleChanged();
  }

  #release(instances: readonly PluginInstance[]): void {
    const releasing = Promise.all(instances.map((instance) => this.#pool.release(instance)));
    this.#leaving = Promise.all([this.#leaving, releasing]).catch((thrown: unknown) => {
      this.#services.log.error('a plugin or model could not be released', { err: thrown });
    });
  }

  #isOldRefusal({ role, binding, refusal }: ActiveRole): boolean {
    const former = withSolvers(this.#active?.roles ?? []).find(
      (other) => other.role === role && other.binding.solver === binding.solver,
    );
    return former?.refusal?.message === refusal?.message;
  }

  #isDifferent(set: ActiveSet): boolean {
    const before = this.#active === undefined ? [] : pluginsOf(this.#active);
    const after = pluginsOf(set);
    return after.length !== before.length || after.some((loaded, i) => loaded !== before[i]);
  }
}
