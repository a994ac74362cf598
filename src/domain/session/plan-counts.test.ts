import { expect, it } from 'vitest';
import { type Advice, applied, noAdvice, type RoleResult } from '../advice/advice.js';
import { PlanCounts } from './plan-counts.js';

function stopping(result: RoleResult): Advice {
  return { ...result, role: 'early-stopping', generation: 1, latencyUs: 3, isFinal: false };
}

const go = stopping(applied<'early-stopping'>({ decision: 'continue' }));

it('counts an answer once, by outcome for the client and by reason for those who watch', () => {
  const counts = new PlanCounts();
  for (const result of [noAdvice('failed', 'a'), noAdvice('failed', 'b')]) {
    counts.advised(stopping(result));
  }
  counts.advised(go);
  counts.replied(2);
  counts.replied(3);
  counts.verdict({
    kind: 'receipt',
    role: 'early-stopping',
    verdict: 'accepted',
    level: 0,
    iteration: 1,
  });
  const role = 'early-stopping';
  expect(counts.outcomes()).toEqual([
    { role, outcome: 'failed', count: 2 },
    { role, outcome: 'applied', count: 1 },
  ]);
  expect(counts.role(role).reasons()).toEqual([
    { outcome: 'failed', reason: 'a', count: 1 },
    { outcome: 'failed', reason: 'b', count: 1 },
    { outcome: 'applied', reason: '', count: 1 },
  ]);
  expect(counts.verdicts()).toEqual([{ role, verdict: 'accepted', count: 1 }]);
  expect([counts.answers, counts.hostMs]).toEqual([2, 5]);
});

it('loses no answer to a plugin that makes up reasons, and keeps a bounded number of them', () => {
  const counts = new PlanCounts();
  for (let k = 0; k < 1000; k += 1) counts.advised(stopping(noAdvice('failed', `r${k}`)));
  expect(counts.outcomes()).toEqual([{ role: 'early-stopping', outcome: 'failed', count: 1000 }]);
  expect(counts.role('early-stopping').reasons().length).toBeLessThan(30);
});
