import type { StopPrediction } from '../../domain/advice/stop-effect.js';
import type { RecordedPlan, RecordedStep, ReplayedAnswer } from '../../domain/replay/replay.js';
import { ROLES, type Role } from '../../plugin-sdk/index.js';
import { PairedSequence } from '../statistics/effect-sequence.js';
import type { AnswerDifference } from './answer-difference.js';
import { RecordedStops } from './recorded-stops.js';
import { AgreementCounter, type RoleAgreement, type Spread, spreadOf } from './role-agreement.js';

/** Sessions before there is an interval: with fewer their spread is not known well enough. */
export const MINIMUM_SESSIONS = 50;
const ALPHA = 0.05;
/** Differences that are told in full, one a session; all are counted. */
const TOLD = 20;

/** The first answer of a session that is not the recorded one. */
export interface SessionDifference extends AnswerDifference {
  readonly session: string;
  /** Such as `stage 2, iteration 17 (level 0)`. */
  readonly event: string;
  readonly role: Role;
}

export interface NamedSession {
  readonly session: string;
  readonly reason: string;
}

/** What other stops would have done, as far as recordings tell. */
export interface StopEffectReport {
  /** Plans it is told of. */
  readonly plans: number;
  /** Plans it can't be told of, by reason. */
  readonly unpredictable: Readonly<Record<string, number>>;
  readonly savedIterations: number;
  readonly recordedIterations: number;
  readonly savedCallEquivalents: number;
  /** Geometric mean of new over recorded call-equivalents of a plan. */
  readonly costRatio: number | null;
  /** Of `costRatio`: 95 %, null with fewer than 50 plans. */
  readonly low: number | null;
  readonly high: number | null;
  /** Relative rise of the objective where it would have stopped, the worst stage of each plan. */
  readonly objectiveLoss: Spread;
  /** New less recorded iteration of the first stop, where a stage has both. */
  readonly stopDelay: Spread;
}

/** What came of replaying sessions through one arm. */
export interface ArmReplay {
  readonly arm: string;
  /** Whether it is what the sessions were recorded with: then every answer has to be the recorded one. */
  readonly isRecorded: boolean;
  readonly sessions: number;
  readonly events: number;
  /** Sessions that can't be replayed. */
  readonly unable: readonly NamedSession[];
  /** Replayed as far as their recordings go. */
  readonly incomplete: readonly NamedSession[];
  readonly differentSessions: number;
  readonly differences: readonly SessionDifference[];
  readonly roles: readonly RoleAgreement[];
  /** Undefined unless the arm serves early-stopping and is not the recorded one. */
  readonly stops: StopEffectReport | undefined;
  /** What has to be known of these numbers. */
  readonly notes: readonly string[];
}

function placeOf(step: RecordedStep): string {
  if (step.kind !== 'event') return step.kind;
  const { event } = step;
  switch (event.kind) {
    case 'level-start':
      return `start of stage ${event.stage} (level ${event.level})`;
    case 'iteration':
      return `stage ${event.stage}, iteration ${event.iteration} (level ${event.level})`;
    case 'level-end':
      return `end of stage ${event.stage}`;
    default:
      return event.kind;
  }
}

/** Takes what one session answers in a replay. */
export interface SessionComparison {
  /** In the order of the recording's steps; receipts have no answer. */
  add(step: RecordedStep, answer: ReplayedAnswer | undefined): void;
  /** @param stopped Why the replay did not come to the end of the recording. */
  end(stopped?: string): void;
}

/** Compares sessions that go through an arm with their recordings. */
export class ArmComparison {
  readonly #arm: string;
  readonly #isRecorded: boolean;
  readonly #counters = new Map<Role, AgreementCounter>();
  readonly #unable: NamedSession[] = [];
  readonly #incomplete: NamedSession[] = [];
  readonly #differences: SessionDifference[] = [];
  readonly #predictions: StopPrediction[] = [];
  readonly #notes = new Set<string>();
  #sessions = 0;
  #events = 0;
  #different = 0;

  constructor(arm: string, isRecorded: boolean) {
    this.#arm = arm;
    this.#isRecorded = isRecorded;
  }

  unable(session: string, reason: string): void {
    this.#unable.push({ session, reason });
  }

  note(text: string): void {
    this.#notes.add(text);
  }

  /** @param servedBy What serves each role that is compared. */
  session(plan: RecordedPlan, servedBy: ReadonlyMap<Role, string>): SessionComparison {
    const roles = ROLES.filter((role) => servedBy.has(role));
    for (const role of roles) this.#counter(role).sessionStarts(servedBy.get(role) ?? '');
    const stops = servedBy.has('early-stopping') ? new RecordedStops(plan) : undefined;
    let first: SessionDifference | undefined;
    let events = 0;
    return {
      add: (step, answer) => {
        if (step.kind === 'receipt') {
          const { role, verdict } = step;
          if (servedBy.has(role)) this.#counter(role).verdict(verdict);
        }
        if (step.kind !== 'event' || answer === undefined) return;
        events += 1;
        stops?.add(step, answer.advices);
        if (step.answer === undefined) return;
        for (const role of roles) {
          const [before, after] = [step.answer.get(role), answer.advices[role]];
          const found = this.#counter(role).add(before, after, answer.forced.has(role));
          if (found === undefined || first !== undefined) continue;
          first = { session: plan.sessionId, event: placeOf(step), role, ...found };
        }
      },
      end: (stopped) => {
        this.#sessions += 1;
        this.#events += events;
        const reason = stopped ?? plan.missing;
        if (reason !== undefined) this.#incomplete.push({ session: plan.sessionId, reason });
        if (first !== undefined) {
          this.#different += 1;
          if (this.#differences.length < TOLD) this.#differences.push(first);
        }
        if (stops !== undefined) this.#predictions.push(stops.prediction());
      },
    };
  }

  report(): ArmReplay {
    const hasStops = !this.#isRecorded && this.#predictions.length > 0;
    return {
      arm: this.#arm,
      isRecorded: this.#isRecorded,
      sessions: this.#sessions,
      events: this.#events,
      unable: this.#unable,
      incomplete: this.#incomplete,
      differentSessions: this.#different,
      differences: this.#differences,
      roles: ROLES.flatMap((role) => this.#counters.get(role)?.report() ?? []),
      stops: hasStops ? sumUp(this.#predictions) : undefined,
      notes: [...this.#notes],
    };
  }

  #counter(role: Role): AgreementCounter {
    const known = this.#counters.get(role);
    if (known !== undefined) return known;
    const counter = new AgreementCounter(role);
    this.#counters.set(role, counter);
    return counter;
  }
}

function sumUp(predictions: readonly StopPrediction[]): StopEffectReport {
  const unpredictable: Record<string, number> = {};
  const known = predictions.flatMap((prediction) => {
    if (!('unpredictable' in prediction)) return [prediction];
    unpredictable[prediction.unpredictable] = (unpredictable[prediction.unpredictable] ?? 0) + 1;
    return [];
  });
  const sequence = new PairedSequence({
    alpha: ALPHA,
    plannedCount: Math.max(1, known.length),
    minimumCount: MINIMUM_SESSIONS,
  });
  for (const { savedCallEquivalents: saved, servedCallEquivalents: recorded } of known) {
    sequence.add(Math.log(recorded - saved), Math.log(recorded));
  }
  const { mean, low, high } = sequence.state();
  const ratio = (log: number) => (Number.isFinite(log) ? Math.exp(log) : null);
  const sum = (figureOf: (effect: (typeof known)[number]) => number) =>
    known.reduce((total, effect) => total + figureOf(effect), 0);
  return {
    plans: known.length,
    unpredictable,
    savedIterations: sum((effect) => effect.savedIterations),
    recordedIterations: sum((effect) => effect.servedIterations),
    savedCallEquivalents: sum((effect) => effect.savedCallEquivalents),
    costRatio: known.length === 0 ? null : ratio(mean),
    low: ratio(low),
    high: ratio(high),
    objectiveLoss: spreadOf(known.map((effect) => effect.objectiveLoss)),
    stopDelay: spreadOf(known.flatMap((effect) => effect.stopDelays)),
  };
}
