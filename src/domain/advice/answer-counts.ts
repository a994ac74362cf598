import type { Outcome } from './advice.js';

/** What became of questions, in the words that people are told. */
export interface AnswerCounts {
  /** With a value, moved inside its bounds or not. */
  readonly answered: number;
  /** The plugin had none. */
  readonly nothingToSay: number;
  /** Late, failed, or outside what may be advised: the optimizer did not get it. */
  readonly heldBack: number;
  /** Not asked: the role is off, or advice is stopped. */
  readonly notAsked: number;
}

const GROUPS: Readonly<Record<Outcome, keyof AnswerCounts>> = {
  applied: 'answered',
  clamped: 'answered',
  default: 'nothingToSay',
  rejected: 'heldBack',
  timeout: 'heldBack',
  failed: 'heldBack',
  'out-of-distribution': 'heldBack',
  disabled: 'notAsked',
};

export function answerCounts(
  outcomes: readonly { readonly outcome: Outcome; readonly count: number }[],
): AnswerCounts {
  const counts = { answered: 0, nothingToSay: 0, heldBack: 0, notAsked: 0 };
  for (const { outcome, count } of outcomes) counts[GROUPS[outcome]] += count;
  return counts;
}
