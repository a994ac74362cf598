import type { Advice } from '../../domain/advice/advice.js';
import type { RecordedAdvice } from '../../domain/replay/replay.js';
import type { Role } from '../../plugin-sdk/index.js';
import { type AnswerDifference, answerDifference, vectorDistance } from './answer-difference.js';

/** The middle of some figures and how far they go; null without any. */
export interface Spread {
  readonly count: number;
  readonly median: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** How far a role's answers agree with those recorded, over all sessions. */
export interface RoleAgreement {
  readonly role: Role;
  /** Who answers now: plugin and version, model. */
  readonly servedBy: string;
  /** Asked then and now. */
  readonly questions: number;
  /** Bit for bit. */
  readonly same: number;
  /** Same outcome and, of a stop, same decision; the numbers may differ. */
  readonly sameKind: number;
  readonly different: number;
  /** Recorded answers that hung on the machine, such as a missed deadline: they were used as they were. */
  readonly notRepeatable: number;
  /** Different, but after one of those in the same session: whether they had to be can't be told. */
  readonly unjudged: number;
  /** Of the questions that can be judged; null without any. */
  readonly sameShare: number | null;
  readonly sameKindShare: number | null;
  /** Answers now to what was not answered then, because the role was off. */
  readonly onlyNow: number;
  /** Recorded -> replayed outcome, where they differ. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** |new - recorded| / |recorded| of vectors. */
  readonly relativeDistance: Spread;
  /** New over recorded sigma of a structure or a stage. */
  readonly sigmaRatio: Spread;
  /** What the optimizer said of the recorded answers. */
  readonly recordedVerdicts: Readonly<Record<string, number>>;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = null, high = null] = [sorted[0], sorted.at(-1)];
  const [a, b] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  const median = a === undefined || b === undefined ? null : (a + b) / 2;
  return { count: sorted.length, median, low, high };
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

interface Sigmas {
  readonly structures?: readonly {
    readonly structure: number;
    readonly histogramSigmaGy: number;
  }[];
  readonly stages?: readonly { readonly level: number; readonly histogramSigmaGy: number }[];
}

/** New over recorded sigmas: of structures that both name; of stages when the schedules have as many on the same levels. */
function sigmaRatios(recorded: RecordedAdvice | undefined, replayed: Advice | undefined) {
  const recordedPart = recorded?.value?.fields as Sigmas | undefined;
  const replayedPart = replayed?.value as Sigmas | undefined;
  if (recordedPart?.structures !== undefined && replayedPart?.structures !== undefined) {
    const byStructure = new Map(
      recordedPart.structures.map((structure) => [structure.structure, structure]),
    );
    return replayedPart.structures.flatMap(({ structure, histogramSigmaGy }) => {
      const before = byStructure.get(structure)?.histogramSigmaGy;
      return before === undefined ? [] : [histogramSigmaGy / before];
    });
  }
  const [before = [], after = []] = [recordedPart?.stages, replayedPart?.stages];
  if (before.map(({ level }) => level).join() !== after.map(({ level }) => level).join()) return [];
  return after.map((stage, i) => stage.histogramSigmaGy / (before[i]?.histogramSigmaGy ?? 0));
}

function kindOf({ outcome, value }: RecordedAdvice): string {
  return `${outcome} ${value?.fields['decision'] ?? ''}`;
}

function kindNow(replayed: Advice | undefined): string | undefined {
  if (replayed === undefined) return undefined;
  const { decision = '' } = (replayed.value ?? {}) as { readonly decision?: string };
  return `${replayed.outcome} ${decision}`;
}

/** Gathers the answers of one role. */
export class AgreementCounter {
  readonly #role: Role;
  readonly #outcomes: Record<string, number> = {};
  readonly #verdicts: Record<string, number> = {};
  readonly #distances: number[] = [];
  readonly #ratios: number[] = [];
  readonly #counts = {
    same: 0,
    sameKind: 0,
    different: 0,
    notRepeatable: 0,
    unjudged: 0,
    onlyNow: 0,
  };
  #servedBy = new Set<string>();
  #isAfterForced = false;

  constructor(role: Role) {
    this.#role = role;
  }

  sessionStarts(servedBy: string): void {
    this.#servedBy.add(servedBy);
    this.#isAfterForced = false;
  }

  verdict(verdict: string): void {
    count(this.#verdicts, verdict);
  }

  /** Returns a difference that counts. */
  add(
    recorded: RecordedAdvice | undefined,
    replayed: Advice | undefined,
    isForced: boolean,
  ): AnswerDifference | undefined {
    if (isForced) {
      this.#counts.notRepeatable += 1;
      this.#isAfterForced = true;
      return undefined;
    }
    const difference = answerDifference(recorded, replayed);
    if (recorded === undefined && replayed === undefined) return undefined;
    if (recorded === undefined) {
      this.#counts.onlyNow += 1;
      return difference;
    }
    const distance = vectorDistance(recorded, replayed);
    if (distance !== undefined) this.#distances.push(distance);
    this.#ratios.push(...sigmaRatios(recorded, replayed));
    if (difference === undefined) {
      this.#counts.same += 1;
      this.#counts.sameKind += 1;
      return undefined;
    }
    if (!this.#isAfterForced && kindOf(recorded) === kindNow(replayed)) this.#counts.sameKind += 1;
    const replayedPart = replayed?.outcome ?? 'none';
    if (recorded.outcome !== replayedPart)
      count(this.#outcomes, `${recorded.outcome} -> ${replayedPart}`);
    this.#counts[this.#isAfterForced ? 'unjudged' : 'different'] += 1;
    return this.#isAfterForced ? undefined : difference;
  }

  report(): RoleAgreement {
    const { same, sameKind, different, notRepeatable, unjudged } = this.#counts;
    const judged = same + different;
    return {
      role: this.#role,
      servedBy: [...this.#servedBy].join('; '),
      ...this.#counts,
      questions: judged + notRepeatable + unjudged,
      sameShare: judged === 0 ? null : same / judged,
      sameKindShare: judged === 0 ? null : sameKind / judged,
      outcomes: this.#outcomes,
      relativeDistance: spreadOf(this.#distances),
      sigmaRatio: spreadOf(this.#ratios),
      recordedVerdicts: this.#verdicts,
    };
  }
}
