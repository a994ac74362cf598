import assert from 'node:assert/strict';
import type { AdviceByRole } from '../advice.js';
import type { PlanView } from '../plan-view.js';
import type { Role } from '../role.js';
import type { SessionEvent } from '../role-session.js';
import type { ReadonlyVector } from '../tensor.js';

function checkVector(values: ReadonlyVector, length: number, what: string): void {
  assert.equal(values.length, length, `${what} must have length n = ${length}`);
  for (let i = 0; i < values.length; i += 1) {
    assert.ok(Number.isFinite(values[i]), `${what}[${i}] must be finite`);
  }
}

/** Beamlets of the level an event is about. */
function beamletCount(plan: PlanView, event: SessionEvent): number {
  if (event.kind === 'level-start') return event.beamletCount;
  if (event.kind === 'iteration') return plan.levels[event.level]?.beamletCount ?? 0;
  return plan.levels[0]?.beamletCount ?? 0;
}

type Check<R extends Role> = (advice: AdviceByRole[R], plan: PlanView, event: SessionEvent) => void;

const checks: { readonly [R in Role]: Check<R> } = {
  initialization: (advice, plan, event) =>
    checkVector(advice.weights, beamletCount(plan, event), 'weights'),
  'histogram-sigma': (advice, plan) => {
    for (const { structure, histogramSigmaGy } of advice.structures) {
      assert.ok(plan.structures[structure] !== undefined, `structure ${structure} must exist`);
      assert.ok(
        Number.isFinite(histogramSigmaGy) && histogramSigmaGy > 0,
        'histogramSigmaGy must be a positive number',
      );
    }
  },
  'pyramid-sigma': (advice, plan) => {
    const last = advice.stages.at(-1);
    assert.ok(last !== undefined, 'a schedule must have a stage');
    assert.equal(last.level, 0, 'the last stage must be level 0');
    assert.equal(last.histogramSigmaGy, plan.levels[0]?.histogramSigmaGy, 'at its default sigma');
    assert.equal(last.iterationLimit, 0, 'without a limit');
    for (const stage of advice.stages) {
      assert.ok(plan.levels[stage.level] !== undefined, `level ${stage.level} must exist`);
      assert.ok(Number.isFinite(stage.histogramSigmaGy) && stage.histogramSigmaGy > 0);
      assert.ok(Number.isInteger(stage.iterationLimit) && stage.iterationLimit >= 0);
    }
  },
  'adaptive-variance': (advice, plan, event) =>
    checkVector(advice.varianceGy2, beamletCount(plan, event), 'varianceGy2'),
  'step-direction': (advice, plan, event) => {
    checkVector(advice.direction, beamletCount(plan, event), 'direction');
    if (advice.stepLength !== undefined) {
      assert.ok(Number.isFinite(advice.stepLength) && advice.stepLength > 0, 'stepLength > 0');
    }
  },
  'early-stopping': (advice) => {
    if (advice.decision !== 'continue') {
      assert.ok((advice.explanation ?? '').trim() !== '', 'a stop must be explained');
    }
    for (const value of [advice.predictedFinalObjective, advice.predictedStandardDeviation]) {
      assert.ok(value === undefined || Number.isFinite(value), 'predictions must be finite');
    }
  },
};

/** Asserts that advice is finite, complete and of the right length. */
export function checkAdvice<R extends Role>(
  role: R,
  advice: AdviceByRole[R],
  plan: PlanView,
  event: SessionEvent,
): void {
  checks[role](advice, plan, event);
}
