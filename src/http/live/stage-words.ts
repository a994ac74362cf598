import type { LevelStart, StopReason } from '../../plugin-sdk/index.js';

/** What a stage is called among people: how fine, and with which sigma. */
export function stageName(
  { level, histogramSigmaGy }: Pick<LevelStart, 'level' | 'histogramSigmaGy'>,
  levels: number,
): string {
  const fineness = level === 0 ? 'finest' : level === levels - 1 ? 'coarsest' : `level ${level}`;
  return `${fineness}, sigma ${Number(histogramSigmaGy.toPrecision(3))} Gy`;
}

const ENDED: Readonly<Record<StopReason, string>> = {
  unspecified: 'the optimizer did not say why',
  tolerance: "the solver's own stopping test",
  'iteration-limit': 'limit of iterations',
  advice: 'stopped as advised',
  'zero-gradient': 'the gradient is zero',
  'line-search': 'no step lowers the objective',
  cancelled: 'cancelled',
  safeguard: 'paused, to compare with the plan without advice',
};

/** Why a stage ended. One without an iteration tried a start and no more. */
export function endedWords(stopReason: StopReason, iterations: number): string {
  if (iterations === 0 && stopReason === 'iteration-limit') return 'only its start was tried';
  return ENDED[stopReason];
}
