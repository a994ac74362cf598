import { HostError } from '../../domain/errors/host-error.js';
import type {
  Advisor,
  AdvisorSession,
  CloseReason,
  SessionListener,
} from '../../domain/session/advisor.js';
import type { PlanOpening } from '../../domain/session/plan-opening.js';
import type { SessionRegistry, SessionState } from '../../domain/session/session-registry.js';
import { validateOpening } from '../../domain/session/validate-plan.js';
import type { ActiveSet } from '../plugins/active-set.js';
import { acceptanceOf, checkSamePlan } from './acceptance.js';
import { PlanSession } from './plan-session.js';
import { isSameToken, sessionOfToken } from './resume-token.js';
import { type AdvisorServices, SessionOpener } from './session-opener.js';
import { makeRoom } from './session-room.js';

const SWEEP_MS = 250;

/** Holds the open sessions: resumes, limits and ends them. */
export class AdvisorService implements Advisor, SessionRegistry {
  readonly #services: AdvisorServices;
  readonly #opener: SessionOpener;
  readonly #sessions = new Map<string, PlanSession>();
  #isDraining = false;
  #onEmpty: (() => void) | undefined;
  #stopSweeping: (() => void) | undefined;

  constructor(services: AdvisorServices) {
    this.#services = services;
    this.#opener = new SessionOpener(services, {
      isDraining: () => this.#isDraining,
      checkRoom: (peer, set) => this.#checkRoom(peer, set),
      admit: (session) => this.#admit(session),
    });
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
    if (opening.resumeToken !== '') return this.#goOn(opening, peer, listener, set);
    const session = this.#opener.open(opening, peer, set, forced);
    if (session instanceof PlanSession) return this.#attach(session, listener);
    return session.then((opened) => this.#attach(opened, listener));
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
    this.#services.metrics.streams.streamOpened();
    return {
      acceptance: acceptanceOf(session),
      plan: session,
      streamClosed: (reason) => {
        // A stream that was replaced by a resume has no say any more.
        if (session.listener === listener) this.#streamClosed(session, reason);
      },
    };
  }

  #checkRoom(peer: string, set: ActiveSet): void {
    makeRoom(this.#sessions, peer, set.config.server, (session) => this.#end(session, 'lost'));
  }

  #admit(session: PlanSession): void {
    const { clock, metrics } = this.#services;
    this.#sessions.set(session.options.sessionId, session);
    metrics.streams.sessions(this.#sessions.size);
    this.#stopSweeping ??= clock.schedule(SWEEP_MS, () => this.#sweep());
  }

  /** A plan comes back: to the session that waits for it, or with the journal of one that this host did not serve. */
  #goOn(
    opening: PlanOpening,
    peer: string,
    listener: SessionListener,
    set: ActiveSet,
  ): AdvisorSession | Promise<AdvisorSession> {
    const sessionId = sessionOfToken(opening.resumeToken);
    if (sessionId === undefined) throw new HostError('resume-unknown');
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) return this.#attach(this.#resume(session, opening), listener);
    return this.#opener
      .takeOver(opening, sessionId, peer, set)
      .then((taken) => this.#attach(taken, listener));
  }

  #resume(session: PlanSession, opening: PlanOpening): PlanSession {
    if (session.isFinished || !isSameToken(session.resumeToken, opening.resumeToken)) {
      throw new HostError('resume-unknown');
    }
    const { opening: before, log } = session.options;
    checkSamePlan(before, opening);
    const replaced = session.listener;
    session.listener = undefined;
    if (session.brokenMs === undefined) this.#services.metrics.streams.streamClosed('broken');
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
    session.observation.observer?.broken();
    this.#services.metrics.streams.streamClosed('broken');
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
    session.observation.observer?.close(reason);
    metrics.streams.streamClosed(reason);
    metrics.streams.sessions(this.#sessions.size);
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
