import type { PlanView } from '../plan-view.js';
import { ROLES } from '../role.js';
import type { SessionEvent } from '../role-session.js';
import { TENSOR_KINDS, type Tensor } from '../tensor.js';

const WEIGHT_CEILING = 0.2;
const SIGMAS_GY = [2.5, 6.5] as const;
const BEAMLETS = [8, 4] as const;

/** A small, valid plan: two levels, one target, one organ, two beams. Override what a test is about. */
export function fakePlan(overrides: Partial<PlanView> = {}): PlanView {
  return {
    solver: 'lbfgs',
    structures: [
      {
        name: 'PTV70',
        tg263Name: 'PTV_7000',
        role: 'target',
        volumeCc: 120,
        voxelCount: 960,
        objectiveWeight: 30,
        prescription: [
          { doseGy: 70, volumeFraction: 1 },
          { doseGy: 72.1, volumeFraction: 0 },
        ],
        prescribedDoseGy: 70,
        bit: 0,
      },
      {
        name: 'SpinalCord',
        tg263Name: 'SpinalCord',
        role: 'organ-at-risk',
        volumeCc: 20,
        voxelCount: 160,
        objectiveWeight: 1.5,
        prescription: [
          { doseGy: 0, volumeFraction: 1 },
          { doseGy: 25, volumeFraction: 0 },
        ],
        prescribedDoseGy: undefined,
        bit: 1,
      },
    ],
    beams: [0, 180].map((gantryDeg) => ({
      gantryDeg,
      couchDeg: 0,
      columns: 4,
      rows: 1,
      columnWidthMm: 5,
      rowHeightMm: 30,
    })),
    weightCeiling: WEIGHT_CEILING,
    weightSteepness: 0.5,
    levels: SIGMAS_GY.map((histogramSigmaGy, level) => ({
      level,
      beamletCount: BEAMLETS[level] ?? 0,
      histogramSigmaGy,
      varianceLowerGy2: 0.25 * histogramSigmaGy ** 2,
      varianceUpperGy2: 1.5 * histogramSigmaGy ** 2,
      iterationLimit: 500,
      tolerance: 10 ** -(6 - level),
    })),
    accepts: ROLES,
    offers: TENSOR_KINDS,
    ...overrides,
  };
}

function vector(data: Float64Array): Tensor {
  return { shape: [data.length], data };
}

function norm(values: Float64Array): number {
  return Math.hypot(...values);
}

export interface RecordedRunOptions {
  readonly plan?: PlanView;
  /** Per stage. */
  readonly iterations?: number;
}

/**
 * The events of a small run: gradient descent on a convex quadratic of the weights, coarse to fine, with every tensor
 * a client can send per iteration. Always the same.
 */
export function recordedRun(options: RecordedRunOptions = {}): readonly SessionEvent[] {
  const plan = options.plan ?? fakePlan();
  const iterations = options.iterations ?? 12;
  const events: SessionEvent[] = [geometryEvent(plan)];
  let calls = 0;
  plan.levels.toReversed().forEach((level, stage) => {
    const n = level.beamletCount;
    const optimum = Float64Array.from({ length: n }, (_, i) => 0.04 + (0.06 * i) / n);
    const curvature = Float64Array.from({ length: n }, (_, i) => 100 * (1 + i / n));
    const objective = (w: Float64Array) =>
      w.reduce((sum, wi, i) => sum + 0.5 * at(curvature, i) * (wi - at(optimum, i)) ** 2, 1);
    const gradient = (w: Float64Array) =>
      w.map((wi, i) => at(curvature, i) * (wi - at(optimum, i)));
    let weights = new Float64Array(n).fill(0.005 * plan.weightCeiling);
    const variance = vector(new Float64Array(n).fill(level.varianceUpperGy2));
    const where = { level: level.level, stage };
    events.push({
      kind: 'level-start',
      ...where,
      beamletCount: n,
      histogramSigmaGy: level.histogramSigmaGy,
      varianceLowerGy2: level.varianceLowerGy2,
      varianceUpperGy2: level.varianceUpperGy2,
      objective: objective(weights),
      tensors: {
        weights: vector(weights),
        gradient: vector(gradient(weights)),
        variance,
        'column-norm': vector(new Float64Array(n).fill(1)),
      },
    });
    for (let iteration = 0; iteration < iterations; iteration += 1) {
      const direction = gradient(weights).map((g) => -0.004 * g);
      weights = weights.map((wi, i) => wi + at(direction, i));
      calls += 1;
      events.push({
        kind: 'iteration',
        ...where,
        iteration,
        objective: objective(weights),
        gradientNorm: norm(gradient(weights)),
        stepLength: norm(direction),
        valueCalls: calls,
        gradientCalls: calls,
        elapsedMs: calls,
        tensors: {
          weights: vector(weights),
          gradient: vector(gradient(weights)),
          direction: vector(direction),
          variance,
        },
      });
    }
    events.push({
      kind: 'level-end',
      ...where,
      stopReason: 'iteration-limit',
      iterations,
      valueCalls: calls,
      gradientCalls: calls,
      objective: objective(weights),
      elapsedMs: calls,
    });
  });
  return events;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

function geometryEvent(plan: PlanView): SessionEvent {
  const n = plan.levels[0]?.beamletCount ?? 0;
  const perStructure: Tensor = {
    shape: [n, plan.structures.length],
    data: new Float64Array(n * plan.structures.length).fill(0.5),
  };
  return {
    kind: 'geometry',
    structures: plan.structures.map((structure, index) => ({
      structure: index,
      sphericity: 0.8,
      doseGradientGyPerMm: 0.4,
      targetDistanceMm: structure.role === 'target' ? 0 : 10,
    })),
    tensors: {
      'structure-mean-dose': perStructure,
      'structure-max-dose': perStructure,
      'column-norm': vector(new Float64Array(n).fill(1)),
      'path-density': { shape: [n, 100], data: new Float64Array(n * 100).fill(1) },
    },
  };
}
