import { resolve } from 'node:path';
import protobuf from 'protobufjs';

/** What a client says of a small plan from start to finish, as bytes of the contract's messages. */
export function planMessages(): readonly Buffer[] {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => resolve('proto', target);
  root.loadSync('dh/advisor/v1/plan_advisor.proto');
  const Event = root.lookupType('dh.advisor.v1.OptimizerEvent');
  const vector = (kind: number, values: readonly number[]) => ({
    kind,
    tensor: {
      dataType: 2,
      shape: [values.length],
      data: Buffer.from(Float64Array.from(values).buffer),
    },
  });
  const sigmas = { histogramSigmaGy: 2.5, varianceLowerGy2: 1.5, varianceUpperGy2: 9 };
  const events = [
    {
      start: {
        protocol: { major: 1, minor: 0 },
        client: 'fuzz 1',
        planKey: 'plan-1',
        solver: 2,
        adviceMode: 2,
        weightCeiling: 0.2,
        weightSteepness: 0.5,
        structures: [
          {
            name: 'PTV70',
            role: 1,
            volumeCc: 100,
            voxelCount: 800,
            objectiveWeight: 1,
            prescribedDoseGy: 70,
            prescription: [
              { doseGy: 70, volumeFraction: 1 },
              { doseGy: 72, volumeFraction: 0 },
            ],
          },
          { name: 'Cord', role: 2, volumeCc: 10, voxelCount: 80, objectiveWeight: 1, bit: 1 },
        ],
        beams: [{ gantryDeg: 0, columns: 2, rows: 2, columnWidthMm: 5, rowHeightMm: 5 }],
        levels: [
          { level: 0, beamletCount: 4, ...sigmas, iterationLimit: 500, tolerance: 1e-6 },
          { level: 1, beamletCount: 2, ...sigmas, iterationLimit: 500, tolerance: 1e-5 },
        ],
        accepts: [1, 2, 3, 4, 5, 6],
        offers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      },
    },
    { geometry: { structures: [{ structure: 0, sphericity: 0.6, doseGradientGyPerMm: 0.5 }] } },
    { levelStart: { level: 1, stage: 0, beamletCount: 2, ...sigmas, objective: 9 } },
    { iteration: { level: 1, stage: 0, iteration: 0, objective: 8, gradientNorm: 1 } },
    { levelEnd: { level: 1, stage: 0, stopReason: 1, iterations: 1, objective: 8 } },
    {
      levelStart: {
        level: 0,
        stage: 1,
        beamletCount: 4,
        ...sigmas,
        objective: 8,
        tensors: [vector(1, [0.1, 0.1, 0.1, 0.1])],
      },
    },
    ...[0, 1, 2].map((iteration) => ({
      iteration: {
        level: 0,
        stage: 1,
        iteration,
        objective: 7 - iteration,
        gradientNorm: 1,
        tensors: [vector(1, [0.1, 0.1, 0.1, 0.1]), vector(2, [1, -1, 0.5, 0])],
      },
      receipts: [{ role: 6, verdict: 1, level: 0, iteration }],
    })),
    { levelEnd: { level: 0, stage: 1, stopReason: 1, iterations: 3, objective: 5 } },
    {
      finish: {
        stopReason: 1,
        iterations: 4,
        referenceObjective: 5,
        metrics: [{ structure: 0, name: 'D95', value: 69, unit: 'Gy' }],
      },
    },
  ];
  return events.map((event) => Buffer.from(Event.encode(Event.fromObject(event)).finish()));
}
