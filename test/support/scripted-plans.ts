import type { DoseSliceInit } from '../../src/generated/dh/advisor/v1/DoseSlice.js';
import type { PlanFinishInit } from '../../src/generated/dh/advisor/v1/PlanFinish.js';
import type { PlanStartInit } from '../../src/generated/dh/advisor/v1/PlanStart.js';
import { fakePlan } from '../../src/plugin-sdk/testing/index.js';
import { PlanClient } from '../contract/stream/testing/plan-client.js';
import { firstIterations, wireStart } from '../contract/stream/testing/wire-run.js';

/** A plan whose optimizer says what the test wants, in states that a real one is in for a moment only. */
export async function scriptedPlan(
  address: string,
  start: Partial<PlanStartInit>,
  iterations = 4,
): Promise<PlanClient> {
  const client = new PlanClient(address);
  await client.ask(wireStart(fakePlan(), start));
  await client.play(firstIterations(iterations));
  return client;
}

const POINTS = 60;

/** Falls from 1 to 0 around a dose. */
function curve(structure: number, middleGy: number, widthGy: number) {
  return {
    structure,
    points: Array.from({ length: POINTS }, (_, k) => {
      const doseGy = (80 * k) / (POINTS - 1);
      return { doseGy, volumeFraction: 1 / (1 + Math.exp((doseGy - middleGy) / widthGy)) };
    }),
  };
}

/** A hot ring around the middle. */
function slice(
  plane: 'PLANE_AXIAL' | 'PLANE_CORONAL' | 'PLANE_SAGITTAL',
  rows: number,
): DoseSliceInit {
  const columns = 96;
  const dose = Float32Array.from({ length: rows * columns }, (_, k) => {
    const [row, column] = [Math.floor(k / columns) - rows / 2, (k % columns) - columns / 2];
    return 70 * Math.exp(-((Math.hypot(row, column) - 18) ** 2) / 160);
  });
  return {
    plane,
    doseGy: {
      dataType: 'DATA_TYPE_FLOAT32',
      shape: [rows, columns],
      data: Buffer.from(dose.buffer),
    },
    rowSpacingMm: 3,
    columnSpacingMm: 2.5,
  };
}

const metrics = (targetGy: number) => [
  { structure: 0, name: 'D95', value: targetGy, unit: 'Gy' },
  { structure: 0, name: 'Dmean', value: targetGy + 2, unit: 'Gy' },
];

/** An end with everything that a client may send. */
export const wholeFinish: PlanFinishInit = {
  stopReason: 'STOP_REASON_TOLERANCE',
  iterations: 4,
  callEquivalents: 21,
  optimizationMs: 1800,
  adviceWaitMs: 12,
  referenceObjective: 0.912,
  metrics: metrics(67.1),
  curves: [curve(0, 70, 0.8)],
  slices: [slice('PLANE_AXIAL', 80), slice('PLANE_CORONAL', 120), slice('PLANE_SAGITTAL', 120)],
  unadvised: {
    referenceObjective: 0.98,
    callEquivalents: 44,
    metrics: metrics(66.2),
    curves: [curve(0, 69, 1.3)],
  },
};
