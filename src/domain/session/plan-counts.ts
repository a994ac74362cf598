import type { Role } from '../../plugin-sdk/index.js';
import type { Advice, Outcome } from '../advice/advice.js';
import type { OutcomeCount, RoleReceipt, VerdictCount } from './advisor.js';

/** Reasons are codes of the host and of plugins; nobody makes more of them than this. */
const MAX_REASONS = 24;
/** What further reasons are counted under. */
const OTHER = 'other';

export interface ReasonCount {
  readonly outcome: Outcome;
  /** Empty where there was a value. */
  readonly reason: string;
  readonly count: number;
}

/** What became of one role's questions in a plan, and of its advice. */
export class RoleCounts {
  readonly #reasons = new Map<Outcome, Map<string, number>>();
  readonly #verdicts = new Map<string, number>();

  answered({ outcome, reason, value }: Advice): void {
    const counts = this.#reasons.get(outcome) ?? new Map<string, number>();
    this.#reasons.set(outcome, counts);
    const word = value === undefined ? reason : '';
    raise(counts, counts.has(word) || counts.size < MAX_REASONS ? word : OTHER);
  }

  verdict(verdict: string): void {
    raise(this.#verdicts, verdict);
  }

  reasons(): readonly ReasonCount[] {
    return [...this.#reasons].flatMap(([outcome, counts]) =>
      [...counts].map(([reason, count]) => ({ outcome, reason, count })),
    );
  }

  verdicts(): readonly { readonly verdict: string; readonly count: number }[] {
    return [...this.#verdicts].map(([verdict, count]) => ({ verdict, count }));
  }
}

/**
 * What one plan's answers amounted to. Each answer is counted here once; the summary and the page read it. The
 * figures of the host over all its plans are the metrics'.
 */
export class PlanCounts {
  readonly #roles = new Map<Role, RoleCounts>();
  #hostMs = 0;
  #answers = 0;

  role(role: Role): RoleCounts {
    const known = this.#roles.get(role);
    if (known !== undefined) return known;
    const counts = new RoleCounts();
    this.#roles.set(role, counts);
    return counts;
  }

  advised(advice: Advice): void {
    this.role(advice.role).answered(advice);
  }

  verdict({ role, verdict }: RoleReceipt): void {
    this.role(role).verdict(verdict);
  }

  /** A message was answered. */
  replied(ms: number): void {
    this.#hostMs += ms;
    this.#answers += 1;
  }

  get answers(): number {
    return this.#answers;
  }

  get hostMs(): number {
    return this.#hostMs;
  }

  outcomes(): readonly OutcomeCount[] {
    return [...this.#roles].flatMap(([role, counts]) => {
      const sums = new Map<Outcome, number>();
      for (const { outcome, count } of counts.reasons()) {
        sums.set(outcome, (sums.get(outcome) ?? 0) + count);
      }
      return [...sums].map(([outcome, count]) => ({ role, outcome, count }));
    });
  }

  verdicts(): readonly VerdictCount[] {
    return [...this.#roles].flatMap(([role, counts]) =>
      counts.verdicts().map((verdict) => ({ role, ...verdict })),
    );
  }
}

function raise(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
