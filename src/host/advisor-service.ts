import { randomBytes, randomUUID } from 'node:crypto';
import type {
  Acceptance,
  Advisor,
  AdvisorSession,
  CloseReason,
  SessionListener,
} from '../domain/advisor.js';
import type { Clock } from '../domain/clock.js';
import { HostError } from '../domain/host-error.js';
import type { Log } from '../domain/log.js';
import type { PlanOpening } from '../domain/plan-opening.js';
import type {
  MetricsSink,
  SessionAudience,
  SessionRegistry,
  SessionState,
  TrajectoryRecorder,
} from '../domain/ports.js';
import { recordingWants } from '../domain/recording.js';
import { validateOpening } from '../domain/validate-plan.js';
import type { ActiveRole, ActiveSet } from './active-set.js';
import { followTogether } from './follow-together.js';
import { PlanSession } from './plan-session.js';
import type { StopSwitch } from './stop-switch.js';
import { mergeWanted, wantedByPlugins } from './wanted-tensors.js';

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

  open(opening: PlanOpening, peer: string, listener: SessionListener): AdvisorSession {
    if (this.#isDraining) throw new HostError('draining');
    const set = this.#services.activeSet();
    validateOpening(opening, set.config.server);
    const session =
      opening.resumeToken === '' ? this.#create(opening, peer, set) : this.#findForResume(opening);
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

  #create(opening: PlanOpening, peer: string, set: ActiveSet): PlanSession {
    const { maxSessions, maxSessionsPerClient } = set.config.server;
    this.#limit(this.#sessions.size, maxSessions, 'server.max_sessions');
    const ofPeer = [...this.#sessions.values()].filter((other) => other.options.peer === peer);
    this.#limit(ofPeer.length, maxSessionsPerClient, 'server.max_sessions_per_client');
    const { clock, metrics, roleChanged, recorder, audiences } = this.#services;
    const sessionId = randomUUID();
    const bindings = set.roles.map(({ binding }) => binding);
    const request = { sessionId, opening, generation: set.generation, bindings };
    const recording = recorder.open({ ...request, config: set.config.recording });
    const log = this.#services.log.child({ session: sessionId, generation: set.generation });
    const session = new PlanSession({
      ...{ sessionId, opening, peer, set, clock, log },
      wanted: mergeWanted(wantedByPlugins(set, opening.plan), opening.plan.offers),
      isRecording: recording !== undefined,
      follower: followTogether([
        recording,
        ...audiences.map((audience) => audience.follow(request)),
      ]),
      isStopped: this.#services.stopSwitch.watch(),
      letGo: set.hold(),
      resumeToken: randomBytes(16).toString('hex'),
      seed: hash32(opening.planKey),
      onHostBreaker: ({ role, breaker }: ActiveRole) => {
        const state = breaker.state(clock.nowMs());
        log.warn('role breaker moved', { role, state });
        metrics.breaker(role, state);
        roleChanged();
      },
    });
    this.#sessions.set(sessionId, session);
    metrics.sessions(this.#sessions.size);
    log.info('session opened', {
      client: opening.client,
      mode: opening.adviceMode,
      roles: Object.fromEntries(
        set.roles.map(({ role, binding }) => [role, binding.plugin || 'off']),
      ),
    });
    this.#stopSweeping ??= clock.schedule(SWEEP_MS, () => this.#sweep());
    return session;
  }

  #limit(actual: number, limit: number, key: string): void {
    if (actual >= limit) throw new HostError('too-many-sessions', { actual, limit, key });
  }

  #findForResume(opening: PlanOpening): PlanSession {
    const session = [...this.#sessions.values()].find(
      (other) => other.options.resumeToken === opening.resumeToken,
    );
    if (session === undefined || session.isFinished) throw new HostError('resume-unknown');
    const { opening: before, log } = session.options;
    if (before.planKey !== opening.planKey) throw new HostError('resume-differs', { what: 'key' });
    const counts = ({ plan }: PlanOpening) =>
      `${plan.structures.length}/${plan.levels.map((level) => level.beamletCount).join(',')}`;
    if (counts(before) !== counts(opening)) {
      throw new HostError('resume-differs', { what: 'number of structures or beamlets' });
    }
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
    session.options.follower?.broken();
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
    session.options.follower?.close(reason);
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
        this.#expire(
          session,
          'idle',
          new HostError('session-idle', { limit: server.sessionIdleMs }),
        );
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

function acceptanceOf({ options }: PlanSession): Acceptance {
  const { opening, set, sessionId, resumeToken, isRecording } = options;
  const recorded = isRecording ? recordingWants(set.config.recording) : [];
  return {
    ...{ sessionId, resumeToken, generation: set.generation, arm: '' },
    bindings: set.roles.map((active) => active.binding),
    wanted: mergeWanted([...wantedByPlugins(set, opening.plan), ...recorded], opening.plan.offers),
    isRecording,
    resumeTtlMs: set.config.server.resumeTtlMs,
  };
}

/** FNV-1a: equal plan keys give equal seeds. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
