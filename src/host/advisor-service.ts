import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import { cutText } from '../domain/cut-text.js';
import { HostError } from '../domain/errors/host-error.js';
import type { PlanExperiments } from '../domain/experiments/plan-experiments.js';
import { featuresOf } from '../domain/experiments/plan-metrics.js';
import type { Log } from '../domain/log.js';
import type { MetricsSink } from '../domain/operations/metrics.js';
import type {
  Advisor,
  AdvisorSession,
  CloseReason,
  SessionListener,
} from '../domain/session/advisor.js';
import type { PlanOpening } from '../domain/session/plan-opening.js';
import type { SessionAudience, TrajectoryRecorder } from '../domain/session/session-follower.js';
import type { SessionRegistry, SessionState } from '../domain/session/session-registry.js';
import { validateOpening } from '../domain/session/validate-plan.js';
import type { ShadowFollowers } from '../domain/shadow/shadow-arms.js';
import { acceptanceOf, armOf, checkForced, checkSamePlan } from './acceptance.js';
import { type ActiveRole, type ActiveSet, forSolver, withSolvers } from './active-set.js';
import { withArms } from './experiment-arms.js';
import { followTogether } from './follow-together.js';
import { planSeed } from './plan-seed.js';
import { type Following, PlanSession } from './plan-session.js';
import { replayBasis } from './replay-basis.js';
import { makeRoom } from './session-room.js';
import type { StopSwitch } from './stop-switch.js';

export interface AdvisorServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricsSink;
  readonly recorder: TrajectoryRecorder;
  /** Who follows every session. */
  readonly audiences: readonly SessionAudience[];
  /** What new sessions get. */
  readonly activeSet: () => ActiveSet;
  readonly roleChanged: () => void;
  readonly stopSwitch: StopSwitch;
  readonly experiments: PlanExperiments;
  readonly shadows: ShadowFollowers;
}

const SWEEP_MS = 250;

/** Opens, resumes, limits and ends sessions. */
export class AdvisorService implements Advisor, SessionRegistry {
  readonly #services: AdvisorServices;
  readonly #sessions = new Map<string, PlanSession>();
  #isDraining = false;
  #onEmpty: (() => void) | undefined;
  #stopSweeping: (() => void) | undefined;

  constructor(services: AdvisorServices) {
    this.#services = services;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  open(
    opening: PlanOpening,
    peer: string,
    listener: SessionListener,
    forced: Readonly<Record<string, string>> = {},
  ): AdvisorSession | Promise<AdvisorSession> {
    if (this.#isDraining) throw new HostError('draining');
    const set = this.#services.activeSet();
    validateOpening(opening, set.config.server);
    if (opening.resumeToken !== '') return this.#attach(this.#findForResume(opening), listener);
    checkForced(set, forced);
    if (!this.#takesPart(opening, set)) {
      return this.#attach(this.#create(opening, peer, { set, enrolment: undefined }), listener);
    }
    this.#checkRoom(peer, set);
    return this.#enrol(opening, peer, set, forced).then((session) =>
      this.#attach(session, listener),
    );
  }

  sessions(): readonly SessionState[] {
    const nowMs = this.#services.clock.nowMs();
    return [...this.#sessions.values()].map((session) => session.state(nowMs));
  }

  async drain(withinMs: number): Promise<void> {
    this.#isDraining = true;
    const text = 'the host is going away: finish on defaults, or expect a clean close';
    for (const session of this.#sessions.values()) {
      if (session.brokenMs === undefined) session.notify({ kind: 'draining', text });
      else this.#end(session, 'drained');
    }
    if (this.#sessions.size > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#services.clock.schedule(withinMs, resolve);
        this.#onEmpty = () => {
          cancel();
          resolve();
        };
      });
    }
    for (const session of [...this.#sessions.values()]) {
      const { listener } = session;
      this.#closeStream(session, 'drained');
      // Without an error: "carry on without me".
      listener?.end(undefined);
    }
    this.#stopSweeping?.();
  }

  #attach(session: PlanSession, listener: SessionListener): AdvisorSession {
    session.listener = listener;
    this.#services.metrics.streamOpened();
    return {
      acceptance: acceptanceOf(session),
      handle: (event) => session.handle(event),
      receipt: (receipt) => session.receipt(receipt),
      streamClosed: (reason) => {
        // A stream that was replaced by a resume has no say any more.
        if (session.listener === listener) this.#streamClosed(session, reason);
      },
    };
  }

  /** A plan that takes no advice tells nothing of an arm. */
  #takesPart({ adviceMode }: PlanOpening, { experiments }: ActiveSet): boolean {
    const { stopSwitch } = this.#services;
    return experiments.length > 0 && adviceMode === 'advise' && stopSwitch.stopped === undefined;
  }

  /** Opens a session in the arms of its plan. The set it was found under stays until then, whatever is reloaded meanwhile. */
  async #enrol(
    opening: PlanOpening,
    peer: string,
    set: ActiveSet,
    forced: Readonly<Record<string, string>>,
  ): Promise<PlanSession> {
    const letGo = set.hold();
    const session = randomUUID();
    try {
      const experiments = set.experiments.map(({ experiment }) => experiment);
      const keys = { planKey: opening.planKey, patientKey: opening.patientKey };
      const features = featuresOf(opening.plan);
      const request = { session, keys, features, forced };
      const enrolment = await this.#services.experiments.enrol(experiments, request);
      try {
        if (this.#isDraining) throw new HostError('draining');
        const parts = { set: withArms(set, enrolment.arms), enrolment };
        return this.#create(opening, peer, parts, session);
      } catch (thrown) {
        enrolment.lose();
        throw thrown;
      }
    } finally {
      letGo();
    }
  }

  #checkRoom(peer: string, set: ActiveSet): void {
    makeRoom(this.#sessions, peer, set.config.server, (session) => this.#end(session, 'lost'));
  }

  #create(
    opening: PlanOpening,
    peer: string,
    { set: offered, enrolment }: Pick<PlanSession['options'], 'set' | 'enrolment'>,
    sessionId: string = randomUUID(),
  ): PlanSession {
    this.#checkRoom(peer, offered);
    const set = forSolver(offered, opening.plan.solver);
    const { clock, metrics, roleChanged } = this.#services;
    const seed = planSeed(opening.planKey);
    const log = this.#services.log.child({ session: sessionId, generation: set.generation });
    const session = new PlanSession({
      ...{ sessionId, opening, peer, set, enrolment, clock, log, seed },
      isStopped: this.#services.stopSwitch.watch(),
      letGo: set.hold(),
      resumeToken: randomBytes(16).toString('hex'),
      onHostBreaker: ({ role, breaker, binding: { arm } }: ActiveRole) => {
        const state = breaker.state(clock.nowMs());
        log.warn('role breaker moved', { role, state, ...(arm === '' ? {} : { arm }) });
        // The gauge tells of roles as configured; another plugin of an arm has a breaker of its own.
        for (const configured of withSolvers(this.#services.activeSet().roles)) {
          if (configured.breaker === breaker) metrics.breaker(configured.binding, state);
        }
        roleChanged();
      },
    });
    session.follow(this.#followersOf(session));
    this.#sessions.set(sessionId, session);
    metrics.sessions(this.#sessions.size);
    log.info('session opened', {
      client: cutText(opening.client),
      mode: opening.adviceMode,
      ...(armOf(enrolment) === '' ? {} : { arm: armOf(enrolment) }),
      roles: Object.fromEntries(
        set.roles.map(({ role, binding }) => [role, binding.plugin || 'off']),
      ),
    });
    this.#stopSweeping ??= clock.schedule(SWEEP_MS, () => this.#sweep());
    return session;
  }

  #followersOf(session: PlanSession): Following {
    const { sessionId, opening, set, seed, enrolment, log } = session.options;
    const { recorder, audiences, shadows } = this.#services;
    const bindings = set.roles.map(({ binding }) => binding);
    const request = { sessionId, opening, generation: set.generation, bindings };
    const basis = replayBasis(set, session.wanted);
    const recording = recorder.open({ ...request, config: set.config.recording, basis, seed });
    const arms = enrolment?.arms ?? new Map<string, string>();
    const servedWants = session.wantsByRole();
    const shadow = shadows.follow({ ...request, arms, seed, servedWants });
    return {
      follower: followTogether(
        [recording, shadow, ...audiences.map((audience) => audience.follow(request))],
        (thrown) =>
          log.error('a follower of the session threw and is told no more', { err: thrown }),
      ),
      isRecording: recording !== undefined,
      shadowWants: shadow?.wants ?? [],
    };
  }

  #findForResume(opening: PlanOpening): PlanSession {
    const session = [...this.#sessions.values()].find(
      (other) => other.options.resumeToken === opening.resumeToken,
    );
    if (session === undefined || session.isFinished) throw new HostError('resume-unknown');
    const { opening: before, log } = session.options;
    checkSamePlan(before, opening);
    const replaced = session.listener;
    session.listener = undefined;
    if (session.brokenMs === undefined) this.#services.metrics.streamClosed('broken');
    replaced?.end(undefined);
    session.resume();
    log.info('session resumed');
    return session;
  }

  #streamClosed(session: PlanSession, reason: CloseReason): void {
    const isResumable = reason === 'broken' && !session.isFinished && !this.#isDraining;
    if (!isResumable) {
      this.#closeStream(session, session.isFinished ? 'finished' : reason);
      return;
    }
    session.listener = undefined;
    session.brokenMs = this.#services.clock.nowMs();
    session.following.follower?.broken();
    this.#services.metrics.streamClosed('broken');
    session.options.log.info('stream broken, session waits for a resume');
  }

  #closeStream(session: PlanSession, reason: CloseReason): void {
    session.listener = undefined;
    this.#end(session, reason);
  }

  /** Ends the session and counts why; a lost session is counted beside its broken stream. */
  #end(session: PlanSession, reason: CloseReason): void {
    const { metrics, clock } = this.#services;
    this.#sessions.delete(session.options.sessionId);
    session.dispose();
    if (!session.isFinished) session.options.enrolment?.lose();
    session.following.follower?.close(reason);
    metrics.streamClosed(reason);
    metrics.sessions(this.#sessions.size);
    const ageMs = Math.round(clock.nowMs() - session.openedMs);
    session.options.log.info('session closed', { reason, ageMs });
    if (this.#sessions.size === 0) this.#onEmpty?.();
  }

  #sweep(): void {
    const nowMs = this.#services.clock.nowMs();
    for (const session of [...this.#sessions.values()]) {
      const { server } = session.options.set.config;
      if (session.brokenMs !== undefined) {
        if (nowMs - session.brokenMs >= server.resumeTtlMs) this.#end(session, 'lost');
      } else if (nowMs - session.lastHeardMs >= server.sessionIdleMs) {
        const error = new HostError('session-idle', { limit: server.sessionIdleMs });
        this.#expire(session, 'idle', error);
      } else if (nowMs - session.openedMs >= server.sessionMaxAgeMs) {
        const error = new HostError('session-too-old', { limit: server.sessionMaxAgeMs });
        this.#expire(session, 'too-old', error);
      }
    }
    this.#stopSweeping =
      this.#sessions.size === 0
        ? undefined
        : this.#services.clock.schedule(SWEEP_MS, () => this.#sweep());
  }

  #expire(session: PlanSession, reason: CloseReason, error: HostError): void {
    const { listener } = session;
    this.#closeStream(session, reason);
    listener?.end(error);
  }
}
