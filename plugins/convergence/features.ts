import type { IterationRecord, ModelTensor, Solver, StageView } from '@dh-advisor/plugin-sdk';

/**
 * Iterations of the stage that the model looks back on, counted back from the present one, oldest first. Close by they
 * show the pace, further back whether it changes: a stage that crawls may yet fall again.
 */
export const LOOK_BACK = [100, 65, 40, 25, 16, 10, 6, 3, 1, 0] as const;
/** Before the oldest: where its gain is counted from. */
const BEFORE_OLDEST = 135;
/** log10(objective), log10(gradient norm), mean relative gain an iteration, 1 where there is an iteration. */
const COLUMNS = 4;
const HISTORY_SHAPE = [1, LOOK_BACK.length, COLUMNS] as const;
const STATE_SHAPE = [1, 6] as const;
/** Keeps logarithms finite at an optimum. */
const LEAST = 1e-12;

function log10(value: number): number {
  return Math.log10(Math.max(value, LEAST));
}

/**
 * `history` [1, 10, 4]: the iterations of `LOOK_BACK`, zeros where the stage has not that many. The gain is (then - now)
 * / |then| / iterations between of the objective, since the iteration in the row before, or since the first of the stage
 * where that is later; 0 for the first of the stage. A new array each time: the model may still read the last one.
 */
export function packHistory(iterations: readonly IterationRecord[]): ModelTensor {
  const data = new Float32Array(LOOK_BACK.length * COLUMNS);
  const latest = iterations.length - 1;
  let before = Math.max(latest - BEFORE_OLDEST, 0);
  for (let row = 0; row < LOOK_BACK.length; row += 1) {
    const position = latest - (LOOK_BACK[row] as number);
    if (position < 0) continue;
    const { objective, gradientNorm } = iterations[position] as IterationRecord;
    const former = (iterations[before] as IterationRecord).objective;
    const apart = Math.max(position - before, 1);
    const at = row * COLUMNS;
    data[at] = log10(objective);
    data[at + 1] = log10(gradientNorm);
    data[at + 2] = (former - objective) / Math.max(Math.abs(former), LEAST) / apart;
    data[at + 3] = 1;
    before = position;
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
  solver: Solver,
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
