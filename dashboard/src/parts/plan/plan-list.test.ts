import { expect, it } from 'vitest';
import type { PlanSummary } from '../../../../src/http/live/plan-views.js';
import { PlanCurve } from '../../live/plan-curve.js';
import { choosePlans, EVERYTHING } from './choose-plans.js';
import {
  countKinds,
  elapsedMs,
  predictedEnd,
  silentMs,
  stageWords,
  toGo,
  usedShare,
} from './plan-words.js';
import { sparkPath } from './spark.js';

function plan(sessionId: string, more: Partial<PlanSummary> = {}) {
  const summary = {
    sessionId,
    label: '',
    client: 'rtmodel 0.1.0',
    solver: 'dh',
    standing: { kind: 'advised', why: '' },
    openedAtMs: 1000,
    updatedAtMs: 5000,
    objective: 1,
    prediction: null,
    roles: [],
    ...more,
  } as unknown as PlanSummary;
  return { summary, curve: new PlanCurve() };
}

const ended = { kind: 'ended', why: '' } as const;
const plans = [
  plan('aa', { label: 'lung 9', openedAtMs: 3000 }),
  plan('bb', { label: 'Brain 1', openedAtMs: 1000, objective: null }),
  plan('cc', { label: 'old', openedAtMs: 0, standing: ended, objective: 0.1 }),
  plan('dd', { solver: 'scipy', standing: { kind: 'unadvised', why: 'Every role is off.' } }),
];
const ids = (choice: Partial<typeof EVERYTHING>) =>
  choosePlans(plans, { ...EVERYTHING, ...choice }, 30_000).map(({ summary }) => summary.sessionId);

it.each([
  [{}, ['dd', 'bb', 'aa', 'cc']],
  [{ sort: 'opened' }, ['bb', 'dd', 'aa', 'cc']],
  [{ sort: 'opened', isReversed: true }, ['aa', 'bb', 'dd', 'cc']],
  [{ search: 'BRAIN' }, ['bb']],
  [{ search: 'every scipy' }, ['dd']],
  [{ search: 'no such plan' }, []],
  [{ kind: 'ended' }, ['cc']],
  [{ sort: 'objective' }, ['dd', 'aa', 'bb', 'cc']],
  [{ sort: 'state' }, ['dd', 'bb', 'aa', 'cc']],
] as const)('chooses %j', (choice, expected) => {
  expect(ids(choice)).toEqual(expected);
});

it('puts first what says nothing: a minute of an open plan', () => {
  const silent = plan('ee', { state: 'open', updatedAtMs: 5000 });
  const fresh = plan('ff', { state: 'open', updatedAtMs: 60_000, openedAtMs: 0 });
  expect(silentMs(silent.summary, 64_999)).toBe(0);
  expect(silentMs(silent.summary, 65_000)).toBe(60_000);
  expect(silentMs({ ...silent.summary, state: 'waiting' }, 65_000)).toBe(0);
  const order = (hostMs: number) =>
    choosePlans([fresh, silent, ...plans], EVERYTHING, hostMs).map(
      ({ summary }) => summary.sessionId,
    );
  expect(order(64_000).slice(0, 2)).toEqual(['dd', 'ff']);
  expect(order(65_000).slice(0, 2)).toEqual(['ee', 'dd']);
});

it('counts states', () => {
  expect(countKinds(plans)).toMatchObject({ advised: 2, unadvised: 1, ended: 1, stopped: 0 });
});

it('says in words where a plan is and where it goes', () => {
  const toEnd = { iterations: 60, ms: 12_000 };
  const { summary } = plan('x', {
    level: 0,
    stage: 3,
    levels: 3,
    prediction: { value: 2, deviation: 0.1, toEnd },
  });
  expect([stageWords(summary), predictedEnd(summary), toGo(summary)]).toEqual([
    '3: finest',
    '2 ± 0.2',
    '60 it, 12 s',
  ]);
  const sure = { value: 2.074, deviation: 0.0004, toEnd: { iterations: 0, ms: 0 } };
  const there = plan('x', { prediction: sure }).summary;
  expect([predictedEnd(there), toGo(there)]).toEqual(['2.07 ± < 0.01', 'about 0']);
  expect(toGo(plan('y').summary)).toBe('–');
  expect(usedShare(plan('y').summary)).toBe('–');
});

it('stops the clock of a plan that has ended, and never runs it backwards', () => {
  expect(elapsedMs(plan('x').summary, 61_000)).toBe(60_000);
  expect(elapsedMs(plan('x').summary, 0)).toBe(4000);
  expect(elapsedMs(plan('x', { standing: ended }).summary, 61_000)).toBe(4000);
});

it('draws a shape from positive values only, in a bounded path', () => {
  const curve = new PlanCurve();
  expect(sparkPath(curve)).toBe('');
  const iterations = Array.from({ length: 500 }, (_, k) => k + 1);
  curve.take({ epoch: 0, from: 0, iterations, objectives: iterations.map((k) => 100 / k) });
  const path = sparkPath(curve);
  expect(path.match(/[ML]/g)?.length).toBeLessThanOrEqual(61);
  expect(path).toMatch(/^M1\.0 2\.0L.*L119\.0 22\.0$/);
  const flat = new PlanCurve();
  flat.take({ epoch: 0, from: 0, iterations: [1, 2, 3], objectives: [null, 1, 1] });
  expect(flat && sparkPath(flat)).not.toContain('NaN');
  flat.take({ epoch: 1, from: 0, iterations: [1, 2], objectives: [0, -1] });
  expect(sparkPath(flat)).toBe('');
});
