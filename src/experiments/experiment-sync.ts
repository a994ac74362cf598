import type { Clock } from '../domain/clock.js';
import type { Experiment, RampPosition } from '../domain/experiments/experiments.js';
import type { ExperimentStores } from '../domain/experiments/plan-experiments.js';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { ActivationFault } from '../domain/operations/activation.js';
import type { ExperimentMetrics } from '../domain/operations/metrics.js';
import { type AssignmentDrift, assignmentDrifts, driftFaults } from './assignment-drift.js';
import type { HeldStores } from './outcomes/held-stores.js';
import { type Promotions, runningOf } from './promotions.js';
import { isRunning, rampFigures, startRamp } from './ramp.js';

/** How often ramps are read, which other hosts and operators move, and a store that failed is tried again. */
const REFRESH_MS = 10_000;

export interface SyncOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ExperimentMetrics;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Undefined: no label moves. */
  readonly promotions: Promotions | undefined;
  readonly held: HeldStores;
  readonly onUsable: () => void;
  readonly onFailure: (thrown: unknown) => void;
}

/** Keeps the experiments of the configuration and those of the database in step: definitions go there, ramps come back. */
export class ExperimentSync {
  readonly #options: SyncOptions;
  readonly #ramps = new Map<string, RampPosition>();
  #config: HostConfig | undefined;
  #cancelRefresh: (() => void) | undefined;
  #refreshing: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** Experiments that take no plans, for their stored units were assigned otherwise. */
  #drifted: ReadonlySet<string> = new Set();
  /** The same of a configuration that was prepared last. */
  #preparedDrifts: readonly AssignmentDrift[] = [];

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  /** Nothing is prepared any more. */
  forget(): void {
    this.#preparedDrifts = [];
  }

  /** What is wrong with the experiments of a configuration, given the units that the database has. */
  async prepare({ experiments }: HostConfig): Promise<readonly ActivationFault[]> {
    const { current: stores } = this.#options.held;
    if (stores === undefined) return [];
    try {
      this.#preparedDrifts = await assignmentDrifts(stores, experiments);
      return driftFaults(this.#preparedDrifts, experiments, this.#drifted);
    } catch (thrown) {
      // It is looked at again when the definitions are written.
      this.#options.onFailure(thrown);
      return [];
    }
  }

  /** What was prepared is in force. */
  commit(config: HostConfig, hasStores: boolean): void {
    this.#config = config;
    this.#leaveOut(this.#preparedDrifts);
    this.#cancelRefresh?.();
    if (config.experiments.length > 0 && hasStores) this.refresh();
  }

  /** Those that take plans now, with where they stand. */
  active(experiments: readonly Experiment[]) {
    const nowMs = this.#options.wallMs();
    return experiments
      .filter((experiment) => isRunning(experiment, nowMs) && !this.#drifted.has(experiment.id))
      .map((experiment) => ({ experiment, ramp: this.#rampOf(experiment) }));
  }

  async readRamps({ experiments }: ExperimentStores): Promise<void> {
    for (const { experiment, ramp } of await experiments.list()) {
      this.#ramps.set(experiment.id, ramp);
    }
    const running = this.#config?.experiments.filter(({ state }) => state === 'running') ?? [];
    const figures = running.map((experiment) => rampFigures(experiment, this.#rampOf(experiment)));
    this.#options.metrics.ramps(figures);
  }

  refresh(): void {
    const { clock, onFailure } = this.#options;
    this.#refreshing = this.#writeAndRead()
      .catch(onFailure)
      .then(() => {
        if (this.#isStopped || (this.#config?.experiments.length ?? 0) === 0) return;
        this.#cancelRefresh?.();
        this.#cancelRefresh = clock.schedule(REFRESH_MS, () => this.refresh());
      });
  }

  /** Waits for what is under way. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRefresh?.();
    return this.#refreshing;
  }

  async #writeAndRead(): Promise<void> {
    const config = this.#config;
    if (config === undefined) return;
    const { held, onUsable, promotions, wallMs } = this.#options;
    if ((await held.open(config)) !== undefined) return;
    const { current: stores } = held;
    if (stores === undefined) return;
    await stores.check();
    await this.#write(config, stores, wallMs());
    await held.loseAbandoned(config, stores);
    await this.readRamps(stores);
    const known = runningOf(config, await stores.experiments.list());
    await promotions?.run(stores.promotions, known);
    onUsable();
  }

  /** Writes definitions that are new or differ from what is stored. */
  async #write(config: HostConfig, stores: ExperimentStores, nowMs: number): Promise<void> {
    const stored = new Map(
      (await stores.experiments.list()).map((entry) => [entry.experiment.id, entry]),
    );
    this.#leaveOut(await assignmentDrifts(stores, config.experiments));
    for (const experiment of config.experiments) {
      if (this.#drifted.has(experiment.id)) continue;
      const kept = stored.get(experiment.id)?.experiment;
      if (kept !== undefined && JSON.stringify(kept) === JSON.stringify(experiment)) continue;
      await stores.experiments.put(experiment, startRamp(experiment, nowMs), nowMs);
    }
  }

  #rampOf(experiment: Experiment): RampPosition {
    return this.#ramps.get(experiment.id) ?? startRamp(experiment, this.#options.wallMs());
  }

  #leaveOut(drifted: readonly AssignmentDrift[]): void {
    for (const { id: experiment, error } of drifted.filter(({ id }) => !this.#drifted.has(id))) {
      this.#options.log.error('experiment takes no plans', { experiment, reason: error.message });
    }
    this.#drifted = new Set(drifted.map(({ id }) => id));
  }
}
