import { describe, expect, it } from 'vitest';
import type { Attempt } from './run-attempt.js';
import { count, type Evidence, verify } from './verify.js';

const said = (session: string, arm = 'old'): NonNullable<Attempt['said']> => ({
  session,
  status: 'ok',
  arms: [`e/${arm}`],
  callEquivalents: 80,
  referenceObjective: 9,
  taken: { initialization: 1 },
});
const attempt = (changes: Partial<Attempt>): Attempt => ({
  key: 'a',
  isKilled: false,
  failure: undefined,
  ms: 1,
  said: undefined,
  ...changes,
});
const row = (session: string, status: 'open' | 'finished' | 'lost', changes = {}) => ({
  sequence: 1,
  experiment: 'e',
  session,
  unit: 'unit-a',
  arm: 'old',
  features: {},
  atMs: 1,
  status,
  endedAtMs: 2,
  metrics: status === 'finished' ? { call_equivalents: 80, reference_objective: 9 } : {},
  ...changes,
});

/** A plan whose first optimizer was killed. */
const sound: Evidence = {
  experiment: 'e',
  plans: [{ key: 'a', path: '', options: [] }],
  attempts: [attempt({ isKilled: true }), attempt({ said: said('s2') })],
  assignments: [
    {
      sequence: 1,
      experiment: 'e',
      unit: 'unit-a',
      arm: 'old',
      reason: 'hashed',
      shares: { old: 0.5, new: 0.5 },
      atMs: 1,
    },
  ],
  outcomes: [row('s1', 'lost'), row('s2', 'finished')],
  logged: [
    { session: 's1', arm: 'e/old' },
    { session: 's2', arm: 'other/x,e/old' },
  ],
  unitOf: (key) => `unit-${key}`,
};

const broken = (changes: Partial<Evidence>) =>
  verify({ ...sound, ...changes })
    .filter((check) => check.broken.length > 0)
    .map(({ name, broken: how }) => `${name}: ${how}`);

describe('what must hold of a trial', () => {
  it('holds for a plan that was made again, and counts both sessions', () => {
    expect(broken({})).toEqual([]);
    expect(count(sound)).toMatchObject({
      plans: 1,
      optimizerRuns: 2,
      optimizersKilled: 1,
      unitsWithSeveralSessions: 1,
      arms: { old: { units: 1, finished: 1, lost: 1 } },
    });
  });

  const [killed] = sound.attempts;
  const outcomes = (...rows: Evidence['outcomes']) => ({ outcomes: rows });
  it.each<readonly [string, Partial<Evidence>]>([
    ['every plan ended with a plan: a: no plan', { attempts: [killed as Attempt] }],
    [
      'every plan ended with a plan: a: broke',
      { attempts: [...sound.attempts, attempt({ failure: 'broke' })] },
    ],
    [
      'every plan that reached a host took part: a was served without an arm',
      { attempts: [attempt({ said: { ...said('s2'), arms: ['other/x'] } })] },
    ],
    [
      'every unit kept its arm: a was served new, its arm is old',
      { attempts: [attempt({ said: said('s2', 'new') })] },
    ],
    [
      'every unit kept its arm: session s1 is in new, its unit is not',
      outcomes(row('s1', 'lost', { arm: 'new' }), row('s2', 'finished')),
    ],
    [
      'one ended outcome a session: session s1 is still open',
      outcomes(row('s1', 'open'), row('s2', 'finished')),
    ],
    [
      'one ended outcome a session: session s2 has two outcomes',
      outcomes(row('s1', 'lost'), row('s2', 'finished'), row('s2', 'finished')),
    ],
    [
      'one ended outcome a session: session s1 was opened in e/old and has no outcome',
      outcomes(row('s2', 'finished')),
    ],
    [
      'what was summed up is finished: a was summed up, its outcome is lost',
      outcomes(row('s1', 'lost'), row('s2', 'lost')),
    ],
    [
      'what was summed up is finished: a: the outcome has other numbers than the result',
      outcomes(row('s1', 'lost'), row('s2', 'finished', { metrics: { call_equivalents: 79 } })),
    ],
  ])('does not hold: %s', (said, changes) => {
    expect(broken(changes)).toEqual([said]);
  });

  it('does not hold when nobody took part', () => {
    const nobody = { attempts: [attempt({ said: { ...said(''), arms: [] } })], logged: [] };
    expect(broken({ ...nobody, outcomes: [] })).toEqual([
      'every plan that reached a host took part: no session has an outcome',
    ]);
  });
});
