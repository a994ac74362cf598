import type { Clock } from '../domain/clock.js';
import { describeThrown } from '../domain/errors/host-error.js';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { ExperimentMetrics } from '../domain/operations/metrics.js';
import { mergeWanted } from '../domain/session/merge-wanted.js';
import type {
  PreparedShadows,
  ShadowActivator,
  ShadowObserver,
  ShadowObserverFactory,
  ShadowRequest,
} from '../domain/shadow/shadow-arms.js';
import type {
  Overload,
  ShadowLoss,
  ShadowOutcome,
  ShadowResult,
} from '../domain/shadow/shadow-outcome.js';
import { FollowedSession } from './followed-session.js';
import { LoadShedder } from './load-shedder.js';
import type { Copied } from './shadow-copies.js';
import type { ShadowLimits, StartShadowWorker } from './shadow-link.js';
import type { ArmOutcome, FromShadows, ShadowItem } from './shadow-messages.js';
import { ShadowSupervisor } from './shadow-supervisor.js';

/** On their way to the worker, of all sessions: iterations without vectors, or 32 MiB of them. */
const LIMITS: ShadowLimits = { items: 4096, bytes: 2 ** 25 };
/** Each has a view and plugins' states in the worker. */
const MAX_SESSIONS = 64;
/** An outcome that is not there by then when the host leaves is not waited for. */
const LEAVE_MS = 2000;

export interface ShadowOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ExperimentMetrics;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly start: StartShadowWorker;
  /** Stores an outcome; false when there was one. */
  readonly store: (outcome: ShadowOutcome) => Promise<boolean>;
  /** What the thread that serves has lately been short of. */
  readonly overload: () => Overload | undefined;
  readonly limits?: ShadowLimits | undefined;
  readonly maxSessions?: number | undefined;
}

/**
 * The shadow arms of a running host: sessions are followed, what happens in them goes to a process beside the host, and
 * what the arms would have advised is stored when a plan has finished. Whatever is short, of room, time or luck, costs whole sessions
 * their shadow outcome, the youngest first, is counted, and costs plans nothing.
 */
export class ShadowArms implements ShadowActivator, ShadowObserverFactory {
  readonly #options: ShadowOptions;
  readonly #supervisor: ShadowSupervisor;
  readonly #loadShedder: LoadShedder;
  readonly #sessions = new Map<number, FollowedSession>();
  /** Outcomes that are being stored. */
  readonly #storing = new Set<Promise<void>>();
  #nextKey = 1;
  #isStopped = false;
  #onEmpty: (() => void) | undefined;
  /** How often the worker had told of work when a session was last dropped for want of room. */
  #turnsAtDrop: number | undefined;

  constructor(options: ShadowOptions) {
    this.#options = options;
    const { clock, log, start, limits = LIMITS } = options;
    this.#loadShedder = new LoadShedder(clock, options.overload);
    this.#supervisor = new ShadowSupervisor({
      clock,
      log,
      start,
      limits,
      onMessage: (message) => this.#take(message),
      onLost: () => this.#dropAll('worker-died'),
      onFlush: () => this.#makeRoom(),
      isIdle: () => this.#sessions.size === 0,
    });
  }

  prepare(config: HostConfig): Promise<PreparedShadows> {
    return this.#supervisor.prepare(config);
  }

  /** The kill switch: no code of a shadow arm runs while it is on, and plans that were open have no shadow outcome. */
  stopped(isStopped: boolean): void {
    this.#isStopped = isStopped;
    if (isStopped) this.#dropAll('stopped');
    this.#supervisor.link?.sendNow({ kind: 'stop', isStopped });
  }

  observe(request: ShadowRequest): ShadowObserver | undefined {
    const { sessionId, opening, seed, servedWants } = request;
    const wantedOf = this.#wantedArms(request);
    if (wantedOf.length === 0) return undefined;
    const { ready, preparation, link } = this.#supervisor;
    const missing = wantedOf.filter((candidate) => ready(candidate) === undefined);
    const result: ShadowLoss = this.#isStopped ? 'stopped' : 'not-ready';
    for (const unready of missing) this.#lose(sessionId, unready, result);
    const arms = wantedOf.flatMap((candidate) => {
      const arm = ready(candidate);
      return arm === undefined ? [] : [{ ...arm, served: candidate.served }];
    });
    if (link === undefined || arms.length === 0) return undefined;
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      for (const arm of arms) this.#lose(sessionId, arm, refusal);
      return undefined;
    }
    const { plan } = opening;
    const accepted = arms.map((arm) => ({
      ...arm,
      roles: arm.roles.filter(({ role }) => plan.accepts.includes(role)),
    }));
    const wants = accepted.flatMap(({ roles }) => roles.flatMap((role) => role.wants));
    // An arm sees what it would see if it served: what it wants, and what the roles want that it leaves as they are.
    const followed = accepted.map(({ experiment, arm, roles }) => {
      const others = servedWants.filter(({ role }) =>
        roles.every((armRole) => armRole.role !== role),
      );
      const seen = [...roles, ...others].flatMap((role) => role.wants);
      return { experiment, arm, wanted: mergeWanted(seen, plan.offers) };
    });
    const key = this.#nextKey;
    this.#nextKey += 1;
    const session = new FollowedSession({
      key,
      session: sessionId,
      arms,
      wants,
      roles: new Set(accepted.flatMap(({ roles }) => roles.map(({ role }) => role))),
      wanted: mergeWanted(
        [...wants, ...servedWants.flatMap((served) => served.wants)],
        plan.offers,
      ),
      offer: (item) => this.#offer(session, item),
      leave: (why) => this.#drop(session, why),
    });
    this.#sessions.set(key, session);
    link.send({ kind: 'open', key, preparation, sessionId, seed, plan, arms: followed });
    return session;
  }

  /** Waits a moment for outcomes of plans that have finished. */
  async dispose(): Promise<void> {
    for (const session of [...this.#sessions.values()]) {
      if (!session.hasEnded) this.#drop(session, 'host-stopped');
    }
    const { clock } = this.#options;
    if (this.#sessions.size > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.schedule(LEAVE_MS, resolve);
        this.#onEmpty = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#dropAll('host-stopped');
    await Promise.all(this.#storing);
    await this.#supervisor.dispose();
  }

  #wantedArms({ arms }: ShadowRequest) {
    return [...arms].flatMap(([experiment, served]) =>
      this.#supervisor.shadowArmsOf(experiment).map((arm) => ({ experiment, arm, served })),
    );
  }

  #refusal(): ShadowLoss | undefined {
    const { maxSessions = MAX_SESSIONS } = this.#options;
    if (this.#isStopped) return 'stopped';
    if (this.#sessions.size >= maxSessions) return 'queue-full';
    return this.#loadShedder.refusal();
  }

  #offer(session: FollowedSession, { value, bytes }: Copied<ShadowItem>): void {
    const { key } = session.options;
    if (this.#supervisor.link?.add(key, value, bytes) === false) {
      this.#drop(session, 'queue-full');
    }
  }

  /**
   * Looked at whenever messages go out: shadow work is the first to go when there is too much to do. The youngest session goes, for
   * those before it have more behind them; what it has in the queue leaves it a little later.
   */
  #makeRoom(): void {
    const overload = this.#loadShedder.overload();
    if (overload !== undefined) this.#dropYoungest(overload);
    // What a dropped session has in the queue is room that the worker has yet to find.
    else if (this.#supervisor.isFilling && this.#supervisor.link?.turns !== this.#turnsAtDrop) {
      this.#dropYoungest('queue-full');
    }
  }

  #dropYoungest(result: ShadowLoss): void {
    const open = [...this.#sessions.values()].filter(({ hasEnded }) => !hasEnded);
    const youngest = open.at(-1) ?? [...this.#sessions.values()].at(-1);
    if (youngest !== undefined) this.#drop(youngest, result);
  }

  #dropAll(result: ShadowLoss): void {
    for (const session of [...this.#sessions.values()]) this.#drop(session, result);
  }

  #drop(session: FollowedSession, result: ShadowLoss): void {
    if (!this.#forget(session)) return;
    const { link } = this.#supervisor;
    link?.send({ kind: 'drop', key: session.options.key });
    if (result === 'queue-full') this.#turnsAtDrop = link?.turns;
    for (const arm of session.options.arms) this.#lose(session.options.session, arm, result);
  }

  /** False when it was forgotten before. */
  #forget(session: FollowedSession): boolean {
    session.giveUp();
    if (!this.#sessions.delete(session.options.key)) return false;
    if (this.#sessions.size === 0) {
      this.#supervisor.becameIdle();
      this.#onEmpty?.();
    }
    return true;
  }

  #take(message: FromShadows): void {
    if (message.kind === 'log') this.#options.log[message.level](message.message, message.fields);
    if (message.kind !== 'outcome' && message.kind !== 'failed') return;
    const session = this.#sessions.get(message.key);
    if (session === undefined) return;
    if (message.kind === 'failed') {
      const { problem } = message;
      this.#options.log.warn('shadow arms failed', { session: session.options.session, problem });
      this.#drop(session, 'failed');
      return;
    }
    for (const arm of message.arms) this.#store(session, arm);
    this.#forget(session);
  }

  #store({ options: { session, arms } }: FollowedSession, outcome: ArmOutcome) {
    const { experiment, arm, metrics, roles } = outcome;
    const known = arms.find(
      (candidate) => candidate.experiment === experiment && candidate.arm === arm,
    );
    if (known === undefined) return;
    const { store, wallMs, log } = this.#options;
    const { served } = known;
    const atMs = wallMs();
    const storing = store({ experiment, session, arm, served, metrics, roles, atMs })
      .then(
        () => this.#count(known, 'stored'),
        (thrown: unknown) => {
          log.error('a shadow outcome could not be stored', {
            experiment,
            arm,
            reason: describeThrown(thrown),
          });
          this.#count(known, 'store-failed');
        },
      )
      .finally(() => this.#storing.delete(storing));
    this.#storing.add(storing);
  }

  /** Counted at once; written down so that reports have it with its reason, when the database takes it. */
  #lose(
    session: string,
    { experiment, arm, served }: { experiment: string; arm: string; served: string },
    lost: ShadowLoss,
  ): void {
    this.#count({ experiment, arm }, lost);
    const { store, wallMs } = this.#options;
    const outcome = { experiment, session, arm, served, metrics: {}, roles: [], lost };
    const storing = store({ ...outcome, atMs: wallMs() })
      // Whoever stores has said so, and tries again.
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#storing.delete(storing));
    this.#storing.add(storing);
  }

  #count({ experiment, arm }: Pick<ArmOutcome, 'experiment' | 'arm'>, result: ShadowResult): void {
    this.#options.metrics.shadowed(experiment, arm, result);
  }
}
