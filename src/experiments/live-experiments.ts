import type { Clock } from '../domain/clock.js';
import { HostError } from '../domain/errors/host-error.js';
import type {
  Experiment,
  PlanAssignment,
  RampPosition,
} from '../domain/experiments/experiments.js';
import type {
  Enrolment,
  EnrolmentRequest,
  ExperimentShelf,
  ExperimentStores,
  OpenExperimentStores,
  PlanExperiments,
} from '../domain/experiments/plan-experiments.js';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { ActivationFault } from '../domain/operations/activation.js';
import type { MetricsSink } from '../domain/operations/metrics.js';
import type { StorageHealth } from '../domain/operations/storage-health.js';
import type { ShadowOutcome } from '../domain/shadow/shadow-outcome.js';
import { withinTime } from '../domain/within-time.js';
import { Assigner } from './assigner.js';
import { type ChangedDraw, changedDraws, drawFaults } from './changed-draw.js';
import { KeylessUnits } from './keyless-units.js';
import { type Look, Looks } from './looks.js';
import { HeldStores } from './outcomes/held-stores.js';
import { OutcomeBacklog } from './outcomes/outcome-backlog.js';
import { PlanEnrolment } from './outcomes/plan-enrolment.js';
import { type Promotions, runningOf } from './promotions.js';
import { isRunning, rampFigures, startRamp } from './ramp.js';

/** How often ramps are read, which other hosts and operators move, and a store that failed is tried again. */
const REFRESH_MS = 10_000;

export interface LiveOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricsSink;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Undefined: definitions are checked, and nothing is opened. */
  readonly openStores: OpenExperimentStores | undefined;
  /** Undefined: no label moves. */
  readonly promotions?: Promotions | undefined;
  /** Undefined: experiments are only looked at when somebody asks for a report. */
  readonly look?: Look | undefined;
}

/** The experiments of a running host: their database, where they stand, the plans in them. */
export class LiveExperiments implements PlanExperiments, ExperimentShelf {
  readonly #options: LiveOptions;
  readonly #ramps = new Map<string, RampPosition>();
  /** Ends of plans that are being written. */
  readonly #writing = new Set<Promise<unknown>>();
  readonly #looks: Looks;
  readonly #held: HeldStores;
  readonly #keyless: KeylessUnits;
  readonly #backlog: OutcomeBacklog;
  #config: HostConfig | undefined;
  #cancelRefresh: (() => void) | undefined;
  #refreshing: Promise<void> = Promise.resolve();
  #isDisposed = false;
  /** When it was last asked. */
  #isUsable = true;
  /** Experiments that take no plans, for units of another draw have their id. */
  #changed: ReadonlySet<string> = new Set();
  /** The same of a configuration that was prepared last. */
  #offered: readonly ChangedDraw[] = [];

  constructor(options: LiveOptions) {
    this.#options = options;
    const { clock, log, look, metrics, wallMs, openStores } = options;
    this.#keyless = new KeylessUnits(log);
    this.#held = new HeldStores({
      ...{ clock, log, wallMs, openStores },
      onOpen: (stores) => this.#readRamps(stores),
      onFailure: (thrown) => this.#failed('open', thrown),
    });
    this.#backlog = new OutcomeBacklog({
      ...{ clock, log, metrics, wallMs, stores: () => this.#held.current },
      maxAgeMs: () => this.#config?.server.sessionMaxAgeMs ?? Number.POSITIVE_INFINITY,
    });
    this.#looks = new Looks({
      ...{ clock, log, look },
      onMove: () => this.#refresh(),
      onFailure: (thrown) => this.#failed('look', thrown),
    });
  }

  async prepare(config: HostConfig): Promise<readonly ActivationFault[]> {
    this.#offered = [];
    if (config.experiments.length === 0 || this.#options.openStores === undefined) return [];
    const before = this.#held.failure;
    const problem = await this.#held.open(config);
    if (problem === undefined) return this.#changedFaults(config);
    const error = new HostError('experiment-store', { problem });
    return [{ path: ['storage', 'url'], error, isOld: before === problem }];
  }

  async #changedFaults({ experiments }: HostConfig): Promise<readonly ActivationFault[]> {
    const { current: stores } = this.#held;
    if (stores === undefined) return [];
    try {
      this.#offered = await changedDraws(stores, experiments);
      return drawFaults(this.#offered, experiments, this.#changed);
    } catch (thrown) {
      // It is looked at again when the definitions are written.
      this.#failed('ramp', thrown);
      return [];
    }
  }

  commit(config: HostConfig): void {
    this.#config = config;
    this.#leaveOut(this.#offered);
    this.#cancelRefresh?.();
    this.#looks.start(config);
    if (config.experiments.length === 0 || this.#options.openStores === undefined) return;
    this.#refresh();
  }

  async enrol(
    experiments: readonly Experiment[],
    { session, keys, features, forced }: EnrolmentRequest,
  ): Promise<Enrolment> {
    const { clock, wallMs, metrics } = this.#options;
    const deadlineMs = this.#config?.storage.deadlineMs ?? 0;
    const startedMs = clock.nowMs();
    const running = experiments.filter(
      (one) => isRunning(one, wallMs()) && !this.#changed.has(one.id),
    );
    const { current: stores } = this.#held;
    const backlog = this.#backlog;
    const plan = new PlanEnrolment({ ...this.#options, session, deadlineMs, stores, backlog });
    if (stores === undefined) {
      for (const { id } of running) metrics.enrolled(id, '', 'store-unavailable');
      return plan;
    }
    const active = running.map((experiment) => ({ experiment, ramp: this.#rampOf(experiment) }));
    const assigner = new Assigner({
      ...{ store: stores.assignments, clock, deadlineMs, wallMs },
      onFailure: (experiment, error) => this.#failed('assign', error, { experiment }),
    });
    const given = await assigner.assign(active, stores.pseudonymous(keys), forced);
    for (const { experiment, assignment, isServed } of given) {
      const { arm = '', reason } = assignment;
      const isStopped = arm !== '' && !isServed;
      this.#keyless.saw(experiment, reason);
      metrics.enrolled(experiment.id, isServed ? arm : '', isStopped ? 'arm-stopped' : reason);
    }
    const leftMs = Math.max(0, deadlineMs - (clock.nowMs() - startedMs));
    await Promise.all(given.map((one) => this.#openOutcome(one, features, plan, leftMs)));
    this.#track(plan);
    return plan;
  }

  /** Undefined while there is no database that could be used. */
  get stores(): ExperimentStores | undefined {
    return this.#held.current;
  }

  get health(): Omit<StorageHealth, 'recordings'> {
    const isOff = this.#options.openStores === undefined || !this.#config?.experiments.length;
    const isOk = this.#isUsable && this.#backlog.size === 0;
    const experiments = isOff ? 'off' : isOk ? 'ok' : 'failing';
    return { experiments, outcomesWaiting: this.#backlog.size };
  }

  /** Ramps have moved: reads where they stand. */
  moved(): void {
    this.#refresh();
  }

  /** What a shadow arm would have advised. @throws when it could not be stored; that is counted, and it is tried again. */
  async storeShadow(outcome: ShadowOutcome): Promise<boolean> {
    try {
      const { current: stores, failure = 'it is not open' } = this.#held;
      if (stores === undefined) throw new Error(failure);
      return await stores.outcomes.shadow(outcome);
    } catch (thrown) {
      this.#options.metrics.experimentStoreFailed('outcome');
      await this.#backlog.keep({ shadow: outcome });
      throw thrown;
    }
  }

  /** Waits for what is being written, no longer than a plan would. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#cancelRefresh?.();
    const { clock } = this.#options;
    const deadlineMs = this.#config?.storage.deadlineMs ?? 0;
    const writing = Promise.all([this.#looks.stop(), this.#refreshing, ...this.#writing]).then(() =>
      this.#backlog.dispose(),
    );
    await withinTime(writing, deadlineMs, clock).catch((thrown: unknown) => {
      this.#options.log.error('experiments: not all was written', { err: thrown });
    });
    await this.#held.close();
  }

  async #openOutcome(
    { experiment, assignment, isServed }: PlanAssignment,
    features: EnrolmentRequest['features'],
    plan: PlanEnrolment,
    leftMs: number,
  ): Promise<void> {
    const { arm, unit } = assignment;
    if (!isServed || arm === undefined) return;
    try {
      await plan.open({ experiment: experiment.id, unit, arm, features }, leftMs);
    } catch (thrown) {
      this.#failed('outcome', thrown, { experiment: experiment.id });
    }
  }

  #track(plan: PlanEnrolment): void {
    if (plan.arms.size === 0) return;
    const writing = plan.ended.finally(() => {
      this.#writing.delete(writing);
      this.#looks.planEnded();
    });
    plan.onEnding(() => this.#writing.add(writing));
  }

  #rampOf(experiment: Experiment): RampPosition {
    return this.#ramps.get(experiment.id) ?? startRamp(experiment, this.#options.wallMs());
  }

  async #readRamps({ experiments }: ExperimentStores): Promise<void> {
    for (const { experiment, ramp } of await experiments.list()) {
      this.#ramps.set(experiment.id, ramp);
    }
    const running = this.#config?.experiments.filter(({ state }) => state === 'running') ?? [];
    this.#options.metrics.ramps(running.map((one) => rampFigures(one, this.#rampOf(one))));
  }

  #refresh(): void {
    this.#refreshing = this.#writeAndRead()
      .catch((thrown: unknown) => this.#failed('ramp', thrown))
      .then(() => {
        if (this.#isDisposed || (this.#config?.experiments.length ?? 0) === 0) return;
        this.#cancelRefresh?.();
        const { clock } = this.#options;
        this.#cancelRefresh = clock.schedule(REFRESH_MS, () => this.#refresh());
      });
  }

  async #writeAndRead(): Promise<void> {
    const config = this.#config;
    if (config === undefined) return;
    if ((await this.#held.open(config)) !== undefined) return;
    const { current: stores } = this.#held;
    if (stores === undefined) return;
    await stores.check();
    const { wallMs } = this.#options;
    const nowMs = wallMs();
    const stored = new Map(
      (await stores.experiments.list()).map((one) => [one.experiment.id, one]),
    );
    this.#leaveOut(await changedDraws(stores, config.experiments));
    for (const experiment of config.experiments) {
      if (this.#changed.has(experiment.id)) continue;
      const kept = stored.get(experiment.id)?.experiment;
      if (kept !== undefined && JSON.stringify(kept) === JSON.stringify(experiment)) continue;
      await stores.experiments.put(experiment, startRamp(experiment, nowMs), nowMs);
    }
    await this.#held.loseAbandoned(config, stores);
    await this.#readRamps(stores);
    const known = runningOf(config, await stores.experiments.list());
    await this.#options.promotions?.run(stores.promotions, known);
    this.#say(true);
  }

  #leaveOut(changed: readonly ChangedDraw[]): void {
    for (const { id: experiment, error } of changed.filter(({ id }) => !this.#changed.has(id))) {
      this.#options.log.error('experiment takes no plans', { experiment, reason: error.message });
    }
    this.#changed = new Set(changed.map(({ id }) => id));
  }

  #say(isUsable: boolean): void {
    this.#isUsable = isUsable;
    this.#options.metrics.experimentStore(isUsable);
  }

  #failed(
    what: Parameters<MetricsSink['experimentStoreFailed']>[0],
    thrown: unknown,
    fields: Readonly<Record<string, unknown>> = {},
  ): void {
    const { metrics, log } = this.#options;
    metrics.experimentStoreFailed(what);
    if (what !== 'look') this.#say(false);
    log.error('the database of experiments failed', { ...fields, what, err: thrown });
  }
}
