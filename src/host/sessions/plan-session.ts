import type { Advice } from '../../domain/advice/advice.js';
import type { Clock } from '../../domain/clock.js';
import type { Enrolment } from '../../domain/experiments/plan-experiments.js';
import { metricsOf } from '../../domain/experiments/plan-metrics.js';
import type { Log } from '../../domain/log.js';
import { isPromise, type MaybePromise } from '../../domain/maybe-promise.js';
import type {
  Notice,
  PlanEvent,
  Provenance,
  Reply,
  RoleReceipt,
  SessionListener,
} from '../../domain/session/advisor.js';
import type { DecisionJournal, EarlierSession } from '../../domain/session/decision-journal.js';
import { mergeWanted } from '../../domain/session/merge-wanted.js';
import { PlanCounts } from '../../domain/session/plan-counts.js';
import type { PlanFinish } from '../../domain/session/plan-finish.js';
import type { PlanOpening } from '../../domain/session/plan-opening.js';
import { withTensors } from '../../domain/session/recording.js';
import type { SessionObserver } from '../../domain/session/session-observer.js';
import { SessionOrder } from '../../domain/session/session-order.js';
import type { SessionState } from '../../domain/session/session-registry.js';
import { validateEvent } from '../../domain/session/validate-event.js';
import type { RoleWants } from '../../domain/shadow/shadow-arms.js';
import type { Role, SessionEvent, WantedTensor } from '../../plugin-sdk/index.js';
import { ASKING_EVENTS, isAsked } from '../../plugin-sdk/internal/question.js';
import { SessionHistory } from '../../plugin-sdk/internal/session-history.js';
import type { ActiveRole, ActiveSet } from '../plugins/active-set.js';
import { RoleRunner } from '../roles/role-runner.js';
import { makeResumeToken, resumeProof } from './resume-token.js';

export interface PlanSessionOptions {
  readonly sessionId: string;
  /** Name and version of this host. */
  readonly host: string;
  /** What the client may keep of where its advice came from; asked when the plan is over. */
  readonly provenanceOf: (
    session: PlanSession,
    counts: Pick<Provenance, 'answers' | 'resumptions'>,
  ) => Provenance;
  readonly resumeToken: string;
  /** Set when the plan goes on that began at another host, or before this one was started. */
  readonly resumedAfter?: EarlierSession | undefined;
  readonly seed: number;
  readonly peer: string;
  readonly opening: PlanOpening;
  readonly set: ActiveSet;
  /** The plan's part in experiments; undefined when it has none. */
  readonly enrolment: Enrolment | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly onHostBreaker: (active: ActiveRole) => void;
  /** Whether operators have stopped advice while this plan was open. */
  readonly isStopped: () => boolean;
  /** Called when the session is over: its plugins and models may go. */
  readonly release: () => void;
}

/** Who follows a session, and what they need of it beside what its plugins want. */
export interface SessionObservation {
  /** The recording and the journal among them. */
  readonly observer: SessionObserver | undefined;
  readonly journal: DecisionJournal | undefined;
  readonly isRecording: boolean;
  readonly shadowWants: readonly WantedTensor[];
}

type AdviceReply = Exclude<Reply, { readonly kind: 'summary' }>;

/** One plan: its history, its order of events, and the six roles pinned when it opened. Outlives a broken stream. */
export class PlanSession {
  readonly options: PlanSessionOptions;
  readonly openedMs: number;
  /** When the client was last heard. */
  lastHeardMs: number;
  /** When the stream broke; undefined while one is attached. */
  brokenMs: number | undefined;
  listener: SessionListener | undefined;
  readonly counts = new PlanCounts();
  /** What the plugins wanted when they had opened; a recording or shadow arms may have asked for more. */
  readonly wanted: readonly WantedTensor[];
  #observation: SessionObservation = {
    observer: undefined,
    journal: undefined,
    isRecording: false,
    shadowWants: [],
  };
  /** What was said before anybody observed: a plugin that fails as it opens. */
  readonly #unobserved: Notice[] = [];
  readonly #order: SessionOrder;
  readonly #view: SessionHistory;
  readonly #runners: readonly RoleRunner[];
  readonly #observingRunners: readonly RoleRunner[];
  /** Who is put a question by an event, so that an iteration does not ask those it does not concern. */
  readonly #asked: ReadonlyMap<string, readonly RoleRunner[]>;
  /** Counts the streams of this session: a question of an earlier one is nobody's any more. */
  #streams = 1;
  #resumeToken: string;

  constructor(options: PlanSessionOptions) {
    const { sessionId, seed, opening, set, clock, log, onHostBreaker, isStopped } = options;
    this.options = options;
    this.#resumeToken = options.resumeToken;
    this.openedMs = clock.nowMs();
    this.lastHeardMs = this.openedMs;
    this.#order = new SessionOrder(opening.plan);
    const maxIterations = set.config.server.historyIterations;
    this.#view = new SessionHistory({ sessionId, seed, plan: opening.plan, maxIterations });
    const onRoleOff = (role: Role) => {
      log.warn('role switched off for this plan', { role });
      const text = `role ${role} kept failing and is off for the rest of this plan`;
      this.notify({ kind: 'role-off', role, text });
    };
    const context = { config: set.config, clock, log, onRoleOff, onHostBreaker, isStopped };
    this.#runners = set.roles
      .filter(({ role }) => opening.plan.accepts.includes(role))
      .map((active) => new RoleRunner(active, this.#view, context));
    this.#observingRunners = this.#runners.filter((runner) => runner.observes);
    this.#asked = new Map(
      ASKING_EVENTS.map((kind) => [kind, this.#runners.filter(({ role }) => isAsked(role, kind))]),
    );
    for (const failed of opening.failedSelfChecks) {
      log.warn("the client's own check of its plan failed", { ...failed });
    }
    this.wanted = mergeWanted(
      this.wantsByRole().flatMap(({ wants }) => wants),
      opening.plan.offers,
    );
  }

  get observation(): SessionObservation {
    return this.#observation;
  }

  /** Before the first event. Observers need what the opened roles want, so they come after the session itself. */
  observeWith(observation: SessionObservation): void {
    this.#observation = observation;
    for (const notice of this.#unobserved.splice(0)) observation.observer?.notice?.(notice);
  }

  /** Why plugins have nothing for this plan, in their words, by role. */
  declined(): ReadonlyMap<Role, string> {
    const declined = this.#runners.filter((runner) => runner.declined !== '');
    return new Map(declined.map((runner) => [runner.role, runner.declined]));
  }

  /** What the plugins that this plan still asks want. */
  wantsByRole(): readonly RoleWants[] {
    return this.#runners.map(({ role, wants }) => ({ role, wants }));
  }

  /** Of the newest stream; those before are good for nothing any more. */
  get resumeToken(): string {
    return this.#resumeToken;
  }

  get isFinished(): boolean {
    return this.#order.isFinished;
  }

  handle(sent: PlanEvent): MaybePromise<Reply | undefined> {
    const { opening, clock } = this.options;
    const { observer, isRecording, shadowWants } = this.#observation;
    this.#order.accept(sent);
    validateEvent(sent, opening.plan);
    this.lastHeardMs = clock.nowMs();
    observer?.event(sent);
    const hasMore = isRecording || shadowWants.length > 0;
    const event = hasMore ? withTensors(sent, this.wanted) : sent;
    switch (event.kind) {
      case 'volume':
        this.#view.addVolume(event.volumeKind, event.volume);
        return undefined;
      case 'finish':
        return this.#finish(event);
      case 'level-end':
        this.#take(event);
        return undefined;
      case 'geometry':
        return this.#answer(event, { kind: 'geometry', advices: {} });
      case 'level-start': {
        const { level, stage } = event;
        return this.#answer(event, { kind: 'level', level, stage, advices: {} });
      }
      case 'iteration': {
        const { level, stage, iteration } = event;
        return this.#answer(event, { kind: 'iteration', level, stage, iteration, advices: {} });
      }
    }
  }

  receipt(receipt: RoleReceipt): void {
    this.counts.verdict(receipt);
    this.#observation.observer?.receipt(receipt);
    const active = this.options.set.roles.find(({ role }) => role === receipt.role);
    active?.meter.verdict(receipt.verdict);
    const runner = this.#observingRunners.find(({ role }) => role === receipt.role);
    runner?.observe(receipt);
  }

  notify(notice: Notice): void {
    this.listener?.notice(notice);
    const { observer } = this.#observation;
    if (observer === undefined) this.#unobserved.push(notice);
    else observer.notice?.(notice);
  }

  resume(): void {
    this.#streams += 1;
    this.#order.resume();
    const { sessionId, opening } = this.options;
    this.#resumeToken = makeResumeToken(sessionId);
    this.#observation.journal?.mayResume(resumeProof(this.#resumeToken, opening));
    this.#observation.observer?.resumed();
    this.brokenMs = undefined;
    this.lastHeardMs = this.options.clock.nowMs();
  }

  dispose(): void {
    for (const runner of this.#runners) runner.dispose();
    this.options.release();
  }

  state(nowMs: number): SessionState {
    const stage = this.#view.stages.at(-1);
    const iteration = stage?.iterations.at(-1);
    return {
      sessionId: this.options.sessionId,
      client: this.options.opening.client,
      generation: this.options.set.generation,
      level: stage?.start.level ?? 0,
      stage: stage?.start.stage ?? 0,
      iteration: iteration?.iteration ?? 0,
      objective: iteration?.objective ?? stage?.start.objective ?? 0,
      ageMs: nowMs - this.openedMs,
    };
  }

  #take(event: SessionEvent): void {
    this.#view.add(event);
    for (const runner of this.#observingRunners) runner.observe(event);
  }

  /** Fills a reply with the advice of every role that the event puts a question to. */
  #answer(event: SessionEvent, reply: AdviceReply): MaybePromise<Reply> {
    this.#take(event);
    const pending: Promise<void>[] = [];
    for (const runner of this.#asked.get(event.kind) ?? []) {
      const advice = runner.ask(event);
      if (advice === undefined) continue;
      if (isPromise(advice)) pending.push(advice.then((late) => this.#put(reply, runner, late)));
      else this.#put(reply, runner, advice);
    }
    const [first] = pending;
    if (first === undefined) return this.#close(reply);
    // Most often one role waits; a promise of several costs more.
    const settled: Promise<unknown> = pending.length === 1 ? first : Promise.all(pending);
    const stream = this.#streams;
    // Observers hold an answer to be about the last event, which is another one after a resume.
    return settled.then(() => (stream === this.#streams ? this.#close(reply) : reply));
  }

  #put(reply: AdviceReply, runner: RoleRunner, advice: Advice): void {
    this.counts.advised(advice);
    // A role that is off from the start is known from the bindings and not repeated in every answer.
    if (runner.isOn) (reply.advices as Record<Role, Advice>)[runner.role] = advice;
  }

  #close(reply: Reply): Reply {
    this.counts.replied(this.options.clock.nowMs() - this.lastHeardMs);
    this.#observation.observer?.answered(reply);
    return reply;
  }

  /** The outcome is stored before the summary says that the plan is over. */
  #finish(finish: PlanFinish): MaybePromise<Reply> {
    const { enrolment, opening, resumedAfter } = this.options;
    const resumedBefore = resumedAfter === undefined ? 0 : resumedAfter.resumptions + 1;
    const provenance = this.options.provenanceOf(this, {
      answers: this.counts.answers,
      resumptions: this.#streams - 1 + resumedBefore,
    });
    const counts = {
      outcomes: this.counts.outcomes(),
      verdicts: this.counts.verdicts(),
      hostMs: this.counts.hostMs,
    };
    const reply = (isOutcomeKept: boolean): Reply => ({
      kind: 'summary',
      summary: { ...counts, isOutcomeKept, provenance },
    });
    if (enrolment === undefined) return reply(true);
    return enrolment.finish(metricsOf(finish, opening.plan, counts.verdicts)).then(reply);
  }
}
