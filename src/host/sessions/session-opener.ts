import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import { cutText } from '../../domain/cut-text.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { Enrolment, PlanExperiments } from '../../domain/experiments/plan-experiments.js';
import { featuresOf } from '../../domain/experiments/plan-metrics.js';
import type { Log } from '../../domain/log.js';
import type { HostMetrics } from '../../domain/operations/metrics.js';
import type { DecisionJournals, EarlierSession } from '../../domain/session/decision-journal.js';
import type { PlanOpening } from '../../domain/session/plan-opening.js';
import type {
  SessionObserverFactory,
  TrajectoryRecorder,
} from '../../domain/session/session-observer.js';
import type { ShadowObserverFactory } from '../../domain/shadow/shadow-arms.js';
import type { KillSwitch } from '../kill-switch.js';
import { type ActiveRole, type ActiveSet, forPlan, withSolvers } from '../plugins/active-set.js';
import { withArms } from '../plugins/experiment-arms.js';
import { replayBasis } from '../replay/replay-basis.js';
import { armOf, checkForced, checkSameVersions, provenanceOf } from './acceptance.js';
import { combineObservers } from './combine-observers.js';
import { planSeed } from './plan-seed.js';
import { PlanSession, type SessionObservation } from './plan-session.js';
import { makeResumeToken, resumeProof, rolesSha256 } from './resume-token.js';

export interface AdvisorServices {
  /** Name and version of this host. */
  readonly host: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<HostMetrics, 'roles' | 'streams'>;
  readonly recorder: TrajectoryRecorder;
  readonly journals: DecisionJournals;
  /** Who follows every session. */
  readonly observerFactories: readonly SessionObserverFactory[];
  /** What new sessions get. */
  readonly activeSet: () => ActiveSet;
  readonly roleChanged: () => void;
  readonly killSwitch: KillSwitch;
  readonly experiments: PlanExperiments;
  readonly shadows: ShadowObserverFactory;
}

/** Whether there is a place for one more session, and where it goes. */
export interface Admission {
  isDraining(): boolean;
  /** @throws HostError when there are as many as may be. */
  checkRoom(peer: string, set: ActiveSet): void;
  admit(session: PlanSession): void;
}

/** Opens new sessions: in the arms of their plan, with all who observe them. */
export class SessionOpener {
  readonly #services: AdvisorServices;
  readonly #admission: Admission;

  constructor(services: AdvisorServices, admission: Admission) {
    this.#services = services;
    this.#admission = admission;
  }

  /** A promise only where the experiments have to be asked for an arm. */
  open(
    opening: PlanOpening,
    peer: string,
    set: ActiveSet,
    forced: Readonly<Record<string, string>>,
  ): PlanSession | Promise<PlanSession> {
    checkForced(set, forced);
    if (!this.#takesPart(opening, set)) {
      return this.#create(opening, peer, { set, enrolment: undefined });
    }
    this.#admission.checkRoom(peer, set);
    return this.#enrol(opening, peer, set, forced);
  }

  /** A plan that takes no advice tells nothing of an arm. */
  #takesPart({ adviceMode }: PlanOpening, { experiments }: ActiveSet): boolean {
    const { killSwitch } = this.#services;
    return experiments.length > 0 && adviceMode === 'advise' && killSwitch.stopped === undefined;
  }

  /** Opens a session in the arms of its plan. The set it was found under stays until then, whatever is reloaded meanwhile. */
  async #enrol(
    opening: PlanOpening,
    peer: string,
    set: ActiveSet,
    forced: Readonly<Record<string, string>>,
  ): Promise<PlanSession> {
    const release = set.retain();
    const session = randomUUID();
    try {
      const experiments = set.experiments.map(({ experiment }) => experiment);
      const keys = { planKey: opening.planKey, patientKey: opening.patientKey };
      const features = featuresOf(opening.plan);
      const request = { session, keys, features, forced };
      const enrolment = await this.#services.experiments.enrol(experiments, request);
      try {
        if (this.#admission.isDraining()) throw new HostError('draining');
        const parts = { set: withArms(set, enrolment.arms), enrolment };
        return this.#create(opening, peer, parts, session);
      } catch (thrown) {
        enrolment.lose();
        throw thrown;
      }
    } finally {
      release();
    }
  }

  /**
   * Goes on with a session that this host does not know, from its journal, in the same arms and with the same versions or not at all.
   * @throws HostError `resume-unknown`, `resume-versions`, `too-many-sessions`
   */
  async takeOver(
    opening: PlanOpening,
    sessionId: string,
    peer: string,
    set: ActiveSet,
  ): Promise<PlanSession> {
    const { journals } = this.#services;
    const { journals: config, server } = set.config;
    const resumeSha256 = resumeProof(opening.resumeToken, opening);
    const release = set.retain();
    try {
      const maxAgeMs = server.sessionMaxAgeMs;
      const earlier = await journals.find({ config, sessionId, resumeSha256, maxAgeMs });
      if (earlier === undefined || !(await journals.claim(config, earlier))) {
        throw new HostError('resume-unknown');
      }
      try {
        return await this.#goOn(opening, peer, set, earlier);
      } catch (thrown) {
        await journals.unclaim(config, earlier);
        throw thrown;
      }
    } finally {
      release();
    }
  }

  async #goOn(
    opening: PlanOpening,
    peer: string,
    set: ActiveSet,
    earlier: EarlierSession,
  ): Promise<PlanSession> {
    const enrolment = earlier.arm === '' ? undefined : await this.#reenrol(opening, set, earlier);
    try {
      if (this.#admission.isDraining()) throw new HostError('draining');
      if (armOf(enrolment) !== earlier.arm) {
        throw new HostError('resume-versions', { what: `arm ${earlier.arm}` });
      }
      const armed = enrolment === undefined ? set : withArms(set, enrolment.arms);
      checkSameVersions(earlier, forPlan(armed, opening.plan));
      return this.#create(opening, peer, { set: armed, enrolment }, earlier.sessionId, earlier);
    } catch (thrown) {
      enrolment?.lose();
      throw thrown;
    }
  }

  #reenrol(
    opening: PlanOpening,
    set: ActiveSet,
    { sessionId }: EarlierSession,
  ): Promise<Enrolment> {
    return this.#services.experiments.enrol(
      set.experiments.map(({ experiment }) => experiment),
      {
        session: sessionId,
        keys: { planKey: opening.planKey, patientKey: opening.patientKey },
        features: featuresOf(opening.plan),
        forced: {},
        isResumed: true,
      },
    );
  }

  #create(
    opening: PlanOpening,
    peer: string,
    { set: offered, enrolment }: Pick<PlanSession['options'], 'set' | 'enrolment'>,
    sessionId: string = randomUUID(),
    resumedAfter: EarlierSession | undefined = undefined,
  ): PlanSession {
    this.#admission.checkRoom(peer, offered);
    const set = forPlan(offered, opening.plan);
    const { clock, metrics, roleChanged } = this.#services;
    const seed = planSeed(opening.planKey);
    const log = this.#services.log.child({ session: sessionId, generation: set.generation });
    const session = new PlanSession({
      sessionId,
      host: this.#services.host,
      provenanceOf,
      opening,
      peer,
      set,
      enrolment,
      clock,
      log,
      seed,
      isStopped: this.#services.killSwitch.watch(),
      release: set.retain(),
      resumeToken: makeResumeToken(sessionId),
      resumedAfter,
      onHostBreaker: ({ role, breaker, binding: { arm } }: ActiveRole) => {
        const state = breaker.state(clock.nowMs());
        log.warn('role breaker moved', { role, state, ...(arm === '' ? {} : { arm }) });
        // The gauge tells of roles as configured; another plugin of an arm has a breaker of its own.
        for (const configured of withSolvers(this.#services.activeSet().roles)) {
          if (configured.breaker === breaker) metrics.roles.breaker(configured.binding, state);
        }
        roleChanged();
      },
    });
    session.observeWith(this.#observersOf(session));
    this.#admission.admit(session);
    log.info(resumedAfter === undefined ? 'session opened' : 'session taken over', {
      client: cutText(opening.client),
      mode: opening.adviceMode,
      ...(armOf(enrolment) === '' ? {} : { arm: armOf(enrolment) }),
      roles: Object.fromEntries(
        set.roles.map(({ role, binding }) => [role, binding.plugin || 'off']),
      ),
    });
    return session;
  }

  #observersOf(session: PlanSession): SessionObservation {
    const { sessionId, opening, set, seed, enrolment, log, resumedAfter } = session.options;
    const { recorder, journals, observerFactories, shadows } = this.#services;
    const bindings = set.roles.map(({ binding }) => binding);
    const request = { sessionId, opening, generation: set.generation, bindings };
    const arm = armOf(enrolment);
    const journal = journals.open({
      ...request,
      config: set.config.journals,
      arm,
      resumeSha256: resumeProof(session.resumeToken, opening),
      rolesSha256: rolesSha256(set),
      continues: resumedAfter,
    });
    const basis = replayBasis(set, session.wanted);
    // What is half here and half elsewhere could be replayed nowhere.
    const isWhole = resumedAfter === undefined;
    const recording = isWhole
      ? recorder.open({ ...request, config: set.config.recording, basis, seed })
      : undefined;
    const recordedIn = `${set.config.recording.directory}/${sessionId}`;
    const arms = enrolment?.arms ?? new Map<string, string>();
    const servedWants = session.wantsByRole();
    const shadow = isWhole ? shadows.observe({ ...request, arms, seed, servedWants }) : undefined;
    const counted = { ...request, counts: session.counts };
    const watched = recording === undefined ? counted : { ...counted, recordedIn };
    return {
      observer: combineObservers(
        [
          journal,
          recording,
          shadow,
          ...observerFactories.map((factory) => factory.observe(watched)),
        ],
        (thrown) =>
          log.error('an observer of the session threw and is told no more', { err: thrown }),
      ),
      journal,
      isRecording: recording !== undefined,
      shadowWants: shadow?.wants ?? [],
    };
  }
}
