import type { Outcome } from '../../domain/advice/advice.js';
import type { Summary } from '../../domain/session/advisor.js';
import type { Role } from '../../plugin-sdk/index.js';

/** Counts per role and word. */
class CountsByRole<Word extends string> {
  readonly #counts = new Map<Role, Map<Word, number>>();

  add(role: Role, word: Word): void {
    const words = this.#counts.get(role) ?? new Map<Word, number>();
    this.#counts.set(role, words);
    words.set(word, (words.get(word) ?? 0) + 1);
  }

  list(): readonly { role: Role; word: Word; count: number }[] {
    return [...this.#counts].flatMap(([role, words]) =>
      [...words].map(([word, count]) => ({ role, word, count })),
    );
  }
}

/** What one session's answers amounted to. */
export class SessionCounts {
  readonly #outcomes = new CountsByRole<Outcome>();
  readonly #verdicts = new CountsByRole<string>();
  #hostMs = 0;
  #answers = 0;

  outcome(role: Role, outcome: Outcome): void {
    this.#outcomes.add(role, outcome);
  }

  verdict(role: Role, verdict: string): void {
    this.#verdicts.add(role, verdict);
  }

  answered(ms: number): void {
    this.#hostMs += ms;
    this.#answers += 1;
  }

  get answers(): number {
    return this.#answers;
  }

  summary(): Omit<Summary, 'isOutcomeKept' | 'provenance'> {
    return {
      outcomes: this.#outcomes
        .list()
        .map(({ role, word, count }) => ({ role, outcome: word, count })),
      verdicts: this.#verdicts
        .list()
        .map(({ role, word, count }) => ({ role, verdict: word, count })),
      hostMs: this.#hostMs,
    };
  }
}
