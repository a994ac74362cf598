import type { IterationRecord, ModelTensor, StageView } from 'dh-advisor/plugin-sdk';

/** Iterations the model looks back on. */
export const WINDOW = 10;
/** log10(objective), log10(gradient norm), relative gain, 1 where there is an iteration. */
const COLUMNS = 4;
const HISTORY_SHAPE = [1, WINDOW, COLUMNS] as const;
const STATE_SHAPE = [1, 6] as const;
/** Keeps logarithms finite at an optimum. */
const LEAST = 1e-12;

function log10(value: number): number {
  return Math.log10(Math.max(value, LEAST));
}

/**
 * `history` [1, 10, 4]: the last iterations of the stage, oldest first, zeros in front where there are fewer. The gain
 * is (previous - current) / |previous| objective, 0 without a previous iteration. A new array each time: the model may
 * still read the last one.
 */
export function packHistory(iterations: readonly IterationRecord[]): ModelTensor {
  const data = new Float32Array(WINDOW * COLUMNS);
  const count = Math.min(iterations.length, WINDOW);
  const first = iterations.length - count;
  let at = (WINDOW - count) * COLUMNS;
  for (let i = first; i < iterations.length; i += 1) {
    const { objective, gradientNorm } = iterations[i] as IterationRecord;
    const previous = iterations[i - 1]?.objective;
    data[at] = log10(objective);
    data[at + 1] = log10(gradientNorm);
    data[at + 2] =
      previous === undefined ? 0 : (previous - objective) / Math.max(Math.abs(previous), LEAST);
    data[at + 3] = 1;
    at += COLUMNS;
  }
  return { shape: HISTORY_SHAPE, data };
}

/**
 * `state` [1, 6]: level, log10(histogram sigma in Gy), iteration / 100, log10(beamlets of the level), stage, 1 for solver
 * lbfgs.
 */
export function packState(
  { level, histogramSigmaGy, beamletCount, stage }: StageView['start'],
  iteration: number,
  solver: 'dh' | 'lbfgs',
): ModelTensor {
  const data = new Float32Array(6);
  data[0] = level;
  data[1] = log10(histogramSigmaGy);
  data[2] = iteration / 100;
  data[3] = log10(beamletCount);
  data[4] = stage;
  data[5] = solver === 'lbfgs' ? 1 : 0;
  return { shape: STATE_SHAPE, data };
}
