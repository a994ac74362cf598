import type { PlanView, SessionEvent, Tensors } from '@dh-advisor/plugin-sdk';
import { fakePlan, recordedRun } from '@dh-advisor/plugin-sdk/testing';
import type { NamedTensorInit } from '../../../../src/generated/dh/advisor/v1/NamedTensor.js';
import type { OptimizerEventInit } from '../../../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import type { PlanStartInit } from '../../../../src/generated/dh/advisor/v1/PlanStart.js';

/** SDK words as the contract spells them: `path-density` -> `TENSOR_KIND_PATH_DENSITY`. */
function wireName<T>(prefix: string, word: string): T {
  return `${prefix}_${word.toUpperCase().replaceAll('-', '_')}` as T;
}

export function wireStart(
  plan: PlanView = fakePlan(),
  overrides: Partial<PlanStartInit> = {},
): OptimizerEventInit {
  return {
    start: {
      protocol: { major: 1, minor: 0 },
      client: 'test 1.0.0',
      planKey: 'plan-1',
      solver: wireName('SOLVER', plan.solver),
      solverName: plan.solverName ?? '',
      adviceMode: 'ADVICE_MODE_ADVISE',
      structures: plan.structures.map(({ role, prescribedDoseGy, ...structure }) => ({
        ...structure,
        role: wireName('STRUCTURE_ROLE', role) as never,
        prescription: [...structure.prescription],
        ...(prescribedDoseGy === undefined ? {} : { prescribedDoseGy }),
      })),
      beams: [...plan.beams],
      weightCeiling: plan.weightCeiling,
      weightSteepness: plan.weightSteepness,
      levels: [...plan.levels],
      accepts: plan.accepts.map((role) => wireName('ROLE', role)),
      offers: plan.offers.map((kind) => wireName('TENSOR_KIND', kind)),
      ...overrides,
    },
  };
}

function wireTensors(tensors: Tensors): NamedTensorInit[] {
  return Object.entries(tensors).map(([kind, tensor]) => ({
    kind: wireName('TENSOR_KIND', kind),
    tensor: {
      dataType: 'DATA_TYPE_FLOAT64',
      shape: [...tensor.shape],
      data: Buffer.from(Float64Array.from(tensor.data).buffer),
    },
  }));
}

export function wireEvent(event: SessionEvent): OptimizerEventInit {
  switch (event.kind) {
    case 'geometry': {
      const { structures, tensors } = event;
      return { geometry: { structures: [...structures], tensors: wireTensors(tensors) } };
    }
    case 'level-start': {
      const { kind, tensors, ...levelStart } = event;
      return { levelStart: { ...levelStart, tensors: wireTensors(tensors) } };
    }
    case 'iteration': {
      const { kind, tensors, ...iteration } = event;
      return { iteration: { ...iteration, tensors: wireTensors(tensors) } };
    }
    case 'level-end': {
      const { kind, stopReason, ...levelEnd } = event;
      return { levelEnd: { ...levelEnd, stopReason: wireName('STOP_REASON', stopReason) } };
    }
    case 'receipt':
      throw new Error('receipts ride on other events');
  }
}

/** Everything of a small plan after its start, in wire form. */
export function wireRun(iterations = 6): readonly OptimizerEventInit[] {
  return recordedRun({ iterations }).map(wireEvent);
}

/** The part of a run up to and with the first `count` iterations of its first stage. */
export function firstIterations(count: number): readonly OptimizerEventInit[] {
  return wireRun(count).slice(0, 2 + count);
}

export const wireFinish: OptimizerEventInit = {
  finish: { stopReason: 'STOP_REASON_TOLERANCE', iterations: 12 },
};
