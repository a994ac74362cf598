import type { Clock } from '../domain/clock.js';
import { HostError } from '../domain/errors/host-error.js';
import type { Experiment, PlanAssignment } from '../domain/experiments/experiments.js';
import type {
  Enrolment,
  EnrolmentRequest,
  ExperimentActivator,
  ExperimentStores,
  OpenExperimentStores,
  PlanExperiments,
} from '../domain/experiments/plan-experiments.js';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { ActivationFault } from '../domain/operations/activation.js';
import type { ExperimentMetrics } from '../domain/operations/metrics.js';
import type { StorageHealth } from '../domain/operations/storage-health.js';
import type { ShadowOutcome } from '../domain/shadow/shadow-outcome.js';
import { withinTime } from '../domain/within-time.js';
import { Assigner } from './assigner.js';
import { ExperimentSync } from './experiment-sync.js';
import { InterimAnalyses, type InterimAnalysis } from './interim-analyses.js';
import { KeylessUnits } from './keyless-units.js';
import { HeldStores } from './outcomes/held-stores.js';
import { OutcomeBacklog } from './outcomes/outcome-backlog.js';
import { PlanEnrolment } from './outcomes/plan-enrolment.js';
import type { Promotions } from './promotions.js';

export interface LiveOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ExperimentMetrics;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Undefined: definitions are checked, and nothing is opened. */
  readonly openStores: OpenExperimentStores | undefined;
  /** Undefined: no label moves. */
  readonly promotions?: Promotions | undefined;
  /** Undefined: experiments are only looked at when somebody asks for a report. */
  readonly analyse?: InterimAnalysis | undefined;
}

/** The experiments of a running host: their database, where they stand, the plans in them. */
export class LiveExperiments implements PlanExperiments, ExperimentActivator {
  readonly #options: LiveOptions;
  /** Ends of plans that are being written. */
  readonly #writing = new Set<Promise<unknown>>();
  readonly #analyses: InterimAnalyses;
  readonly #held: HeldStores;
  readonly #keyless: KeylessUnits;
  readonly #backlog: OutcomeBacklog;
  readonly #sync: ExperimentSync;
  #config: HostConfig | undefined;
  /** When it was last asked. */
  #isUsable = true;

  constructor(options: LiveOptions) {
    this.#options = options;
    const { clock, log, analyse, metrics, wallMs, openStores, promotions } = options;
    this.#keyless = new KeylessUnits(log);
    this.#held = new HeldStores({
      clock,
      log,
      wallMs,
      openStores,
      onOpen: (stores) => this.#sync.readRamps(stores),
      onFailure: (thrown) => this.#failed('open', thrown),
    });
    this.#backlog = new OutcomeBacklog({
      clock,
      log,
      metrics,
      wallMs,
      stores: () => this.#held.current,
      maxAgeMs: () => this.#config?.server.sessionMaxAgeMs ?? Number.POSITIVE_INFINITY,
    });
    this.#sync = new ExperimentSync({
      clock,
      log,
      metrics,
      wallMs,
      promotions,
      held: this.#held,
      onUsable: () => this.#say(true),
      onFailure: (thrown) => this.#failed('ramp', thrown),
    });
    this.#analyses = new InterimAnalyses({
      clock,
      log,
      analyse,
      onRampChange: () => this.#sync.refresh(),
      onFailure: (thrown) => this.#failed('look', thrown),
    });
  }

  async prepare(config: HostConfig): Promise<readonly ActivationFault[]> {
    this.#sync.forget();
    if (config.experiments.length === 0 || this.#options.openStores === undefined) return [];
    const before = this.#held.failure;
    const problem = await this.#held.open(config);
    if (problem === undefined) return this.#sync.prepare(config);
    const error = new HostError('experiment-store', { problem });
    return [{ path: ['storage', 'url'], error, isOld: before === problem }];
  }

  commit(config: HostConfig): void {
    this.#config = config;
    this.#analyses.start(config);
    this.#sync.commit(config, this.#options.openStores !== undefined);
  }

  async enrol(
    experiments: readonly Experiment[],
    { session, keys, features, forced, isResumed = false }: EnrolmentRequest,
  ): Promise<Enrolment> {
    const { clock, wallMs, metrics } = this.#options;
    const deadlineMs = this.#config?.storage.deadlineMs ?? 0;
    const startedMs = clock.nowMs();
    const active = this.#sync.active(experiments);
    const { current: stores } = this.#held;
    const backlog = this.#backlog;
    const place = { session, isResumed, deadlineMs, stores, backlog };
    const plan = new PlanEnrolment({ ...this.#options, ...place });
    if (stores === undefined) {
      for (const { experiment } of active) {
        metrics.enrolled(experiment.id, '', 'store-unavailable');
      }
      return plan;
    }
    const assigner = new Assigner({
      store: stores.assignments,
      clock,
      deadlineMs,
      wallMs,
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
    await Promise.all(
      given.map((planAssignment) => this.#openOutcome(planAssignment, features, plan, leftMs)),
    );
    this.#track(plan);
    return plan;
  }

  /** Undefined while there is no database that could be used. */
  get stores(): ExperimentStores | undefined {
    return this.#held.current;
  }

  get health(): Omit<StorageHealth, 'recordings' | 'journals'> {
    const isOff = this.#options.openStores === undefined || !this.#config?.experiments.length;
    const isOk = this.#isUsable && this.#backlog.size === 0;
    const experiments = isOff ? 'off' : isOk ? 'ok' : 'failing';
    return { experiments, outcomesWaiting: this.#backlog.size };
  }

  /** Ramps have moved: reads where they stand. */
  moved(): void {
    this.#sync.refresh();
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
    const synced = this.#sync.stop();
    const { clock } = this.#options;
    const deadlineMs = this.#config?.storage.deadlineMs ?? 0;
    const writing = Promise.all([this.#analyses.stop(), synced, ...this.#writing]).then(() =>
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
      this.#analyses.planEnded();
    });
    plan.onEnding(() => this.#writing.add(writing));
  }

  #say(isUsable: boolean): void {
    this.#isUsable = isUsable;
    this.#options.metrics.experimentStore(isUsable);
  }

  #failed(
    what: Parameters<ExperimentMetrics['experimentStoreFailed']>[0],
    thrown: unknown,
    fields: Readonly<Record<string, unknown>> = {},
  ): void {
    const { metrics, log } = this.#options;
    metrics.experimentStoreFailed(what);
    if (what !== 'look') this.#say(false);
    log.error('the database of experiments failed', { ...fields, what, err: thrown });
  }
}
