import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Advice, applied, noAdvice, type RoleResult } from '../../domain/advice/advice.js';
import type { Role } from '../../plugin-sdk/index.js';
import { DecisionRuns } from './decision-runs.js';
import type { DecisionEntry } from './journal-entries.js';

function runs() {
  const entries: DecisionEntry[] = [];
  const made = new DecisionRuns(
    (entry) => entries.push(entry),
    () => 5,
  );
  return { entries, runs: made };
}

function accounted<R extends Role>(role: R, result: RoleResult<R>, latencyUs = 5): Advice<R> {
  return { ...result, role, generation: 2, latencyUs, isFinal: false };
}

const iteration = (n: number, advices: object) =>
  ({ kind: 'iteration', level: 1, stage: 2, iteration: n, advices }) as const;

const direction = (first: number) =>
  applied<'step-direction'>({ space: 'weights', direction: Float64Array.of(first, 2) });

describe('equal decisions about iterations that follow one another', () => {
  it('are one entry, with the hash over all their figures', () => {
    const { entries, runs: made } = runs();
    for (const n of [0, 1, 2]) {
      const advice = accounted('step-direction', direction(n), n);
      made.advice(iteration(n, { 'step-direction': advice }));
    }
    expect(entries).toEqual([]);
    made.end();
    const hash = createHash('sha256');
    for (const n of [0, 1, 2]) hash.update(new Uint8Array(Float64Array.of(n, 2).buffer));
    expect(entries).toEqual([
      {
        kind: 'advice',
        role: 'step-direction',
        ms: 5,
        level: 1,
        stage: 2,
        first: 0,
        last: 2,
        count: 3,
        outcome: 'applied',
        reason: '',
        detail: undefined,
        generation: 2,
        said: { space: 'weights' },
        longest_us: 2,
        figures_sha256: hash.digest('hex'),
      },
    ]);
    made.end();
    expect(entries).toHaveLength(1);
  });

  it('end where the decision differs, at another stage, and after 256', () => {
    const { entries, runs: made } = runs();
    const late = accounted('step-direction', noAdvice('timeout', 'deadline'));
    const given = accounted('step-direction', direction(1));
    made.advice(iteration(0, { 'step-direction': given }));
    made.advice(iteration(1, { 'step-direction': late }));
    made.advice({ ...iteration(0, { 'step-direction': late }), stage: 3 });
    for (let n = 1; n < 300; n += 1) {
      made.advice({ ...iteration(n, { 'step-direction': late }), stage: 3 });
    }
    made.end();
    expect(
      entries.map(({ stage, first, last, count, outcome }) => [stage, first, last, count, outcome]),
    ).toEqual([
      [2, 0, 0, 1, 'applied'],
      [2, 1, 1, 1, 'timeout'],
      [3, 0, 255, 256, 'timeout'],
      [3, 256, 299, 44, 'timeout'],
    ]);
  });

  it('of several roles, and verdicts, run side by side', () => {
    const { entries, runs: made } = runs();
    const go = (objective: number) =>
      accounted(
        'early-stopping',
        applied<'early-stopping'>({
          decision: 'continue',
          explanation: `at ${objective}`,
          predictedFinalObjective: objective,
        }),
      );
    const stop = accounted(
      'early-stopping',
      applied<'early-stopping'>({ decision: 'stop-level', explanation: 'no gain' }),
    );
    for (const n of [0, 1, 2, 3]) {
      made.advice(
        iteration(n, {
          'step-direction': accounted('step-direction', direction(n)),
          'early-stopping': n === 3 ? stop : go(n),
        }),
      );
      made.verdict({
        kind: 'receipt',
        role: 'step-direction',
        verdict: n === 2 ? 'not-descent' : 'accepted',
        level: 1,
        iteration: n,
      });
    }
    made.end();
    expect(
      entries.map(({ kind, role, first, last }) => `${kind} ${role} ${first}-${last}`),
    ).toEqual([
      'verdict step-direction 0-1',
      'advice early-stopping 0-2',
      'verdict step-direction 2-2',
      'advice step-direction 0-3',
      'advice early-stopping 3-3',
      'verdict step-direction 3-3',
    ]);
    expect(entries[1]).toMatchObject({ said: { decision: 'continue' } });
    expect(entries[4]).toMatchObject({ said: { decision: 'stop-level', explanation: 'no gain' } });
  });
});

describe('what is not about an iteration', () => {
  it('stands alone, with small values as they are and vectors as a hash', () => {
    const { entries, runs: made } = runs();
    const sigmas = applied<'histogram-sigma'>({
      structures: [{ structure: 1, histogramSigmaGy: 2.5 }],
    });
    const weights = Float64Array.of(1, 2, 3);
    made.advice({
      kind: 'geometry',
      advices: { 'histogram-sigma': accounted('histogram-sigma', sigmas) },
    });
    const start = accounted('initialization', applied<'initialization'>({ weights }));
    const level = {
      kind: 'level',
      level: 1,
      stage: 0,
      advices: { initialization: start },
    } as const;
    made.advice(level);
    made.advice(level);
    made.end();
    expect(entries).toHaveLength(3);
    expect(entries[0]).toMatchObject({
      said: { structures: [{ structure: 1, histogram_sigma_gy: 2.5 }] },
    });
    expect(entries[0]?.figures_sha256).toBeUndefined();
    const sha256 = createHash('sha256').update(new Uint8Array(weights.buffer)).digest('hex');
    expect(entries[1]).toMatchObject({ figures_sha256: sha256, said: {}, count: 1 });
    expect(JSON.stringify(entries[1])).not.toContain('"first"');
  });

  it('of others is cut: a text without an end does not make a line without one', () => {
    const { entries, runs: made } = runs();
    const detail = { ...noAdvice('failed', 'plugin-error'), detail: 'x'.repeat(10_000_000) };
    made.advice(iteration(0, { 'step-direction': accounted('step-direction', detail) }));
    made.verdict({
      kind: 'receipt',
      role: 'step-direction',
      verdict: 'y'.repeat(10_000_000),
      level: 1,
      iteration: 0,
    });
    made.end();
    expect(JSON.stringify(entries).length).toBeLessThan(2000);
  });
});
