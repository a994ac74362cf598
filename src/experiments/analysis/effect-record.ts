import type {
  Conclusion,
  EffectKind,
  EffectPoint,
  EffectReport,
} from '../../domain/experiments/experiment-report.js';
import type { Metric } from '../../domain/experiments/experiments.js';
import { compare, judgeMargin } from '../statistics/conclusion.js';
import type { SequenceState } from '../statistics/confidence-sequence.js';
import { readableEffect } from '../statistics/plan-numbers.js';

/** Points of a trace. */
const TRACE_POINTS = 120;

/** What is asked of one arm. */
export interface Question {
  readonly kind: EffectKind;
  readonly metric: Metric;
  readonly arm: string;
  readonly margin: number | undefined;
  readonly alpha: number;
}

const HARMFUL: readonly Conclusion[] = ['worse', 'beyond'];

/**
 * Follows one sequence: its verdict, its trace. The first verdict stands, except that harm found later replaces it: an arm that was
 * within its guardrail may be changed under way, and then nobody should have stopped watching.
 */
export class EffectRecord {
  readonly #question: Question;
  readonly #trace: EffectPoint[] = [];
  readonly #unusable: Record<string, number> = {};
  #conclusion: Conclusion = 'undecided';
  #decidedAtPlans: number | undefined;
  #logE = 0;

  constructor(question: Question) {
    this.#question = question;
  }

  countUnusable(arm: string): void {
    this.#unusable[arm] = (this.#unusable[arm] ?? 0) + 1;
  }

  update(state: SequenceState): void {
    const { metric, margin } = this.#question;
    const bound = (value: number) =>
      Number.isFinite(value) ? readableEffect(metric, value) : null;
    this.#trace.push({
      plans: state.count,
      estimate: readableEffect(metric, state.mean),
      low: bound(state.low),
      high: bound(state.high),
    });
    this.#logE = state.logE;
    const conclusion =
      margin === undefined ? compare(metric, state) : judgeMargin(metric, state, margin);
    const isNews = this.#conclusion === 'undecided' || HARMFUL.includes(conclusion);
    if (conclusion === 'undecided' || conclusion === this.#conclusion || !isNews) return;
    this.#conclusion = conclusion;
    this.#decidedAtPlans = state.count;
  }

  report(): EffectReport {
    const none = { plans: 0, estimate: readableEffect(this.#question.metric, 0) };
    const last = this.#trace.at(-1) ?? { ...none, low: null, high: null };
    const step = Math.max(1, Math.ceil(this.#trace.length / TRACE_POINTS));
    const trace = this.#trace.filter((point, index) => index % step === 0 && point !== last);
    return {
      ...this.#question,
      ...last,
      verdict: this.#conclusion,
      decidedAtPlans: this.#decidedAtPlans,
      logE: this.#logE,
      isDiscovery: false,
      unusable: { ...this.#unusable },
      trace: this.#trace.length === 0 ? [] : [...trace, last],
    };
  }
}
