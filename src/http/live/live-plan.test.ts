import { describe, expect, it } from 'vitest';
import { applied, type Binding, withheld } from '../../domain/advice/advice.js';
import { fakeOpening, finishEvent, playEvents } from '../../domain/testing/play-session.js';
import { ROLES } from '../../plugin-sdk/index.js';
import { recordedRun } from '../../plugin-sdk/testing/index.js';
import { LiveBoard } from './live-board.js';

const bindings = ROLES.map(
  (role): Binding => ({
    ...{ role, plugin: role === 'step-direction' ? 'lbfgs' : '', pluginVersion: '1.0.0' },
    ...{ model: '', modelSha256: '', arm: '', solver: undefined, deadlineMs: 50 },
  }),
);

function boardWith(count: number, keepEnded = 32) {
  let now = 1000;
  const wallMs = () => {
    now += 1;
    return now;
  };
  const board = new LiveBoard({ wallMs, keepEnded });
  const followers = Array.from({ length: count }, (_, k) =>
    board.follow({ sessionId: `session-${k}`, opening: fakeOpening(), generation: 7, bindings }),
  );
  return { board, followers };
}

function one() {
  const { board, followers } = boardWith(1);
  const [follower] = followers;
  const [plan] = board.plans();
  if (follower === undefined || plan === undefined) throw new Error('no plan');
  return { board, follower, plan };
}

const iteration = recordedRun().find((event) => event.kind === 'iteration');
if (iteration?.kind !== 'iteration') throw new Error('no iteration');
const { level, stage } = iteration.iteration;

function stopping(value: object) {
  const ruling = applied<'early-stopping'>({ decision: 'continue', ...value });
  const advices = {
    'early-stopping': {
      ...ruling,
      role: 'early-stopping',
      generation: 7,
      latencyUs: 9,
      isFinal: false,
    },
  } as const;
  return { kind: 'iteration', level, stage, iteration: 3, advices } as const;
}

describe('a live plan', () => {
  it('shows client, generation, stages, curve and counts, and no key of plan or patient', () => {
    const { follower, plan } = one();
    playEvents(follower, 6);
    const facts = plan.facts();
    expect(facts).toMatchObject({ client: 'test 1.0.0', generation: 7, state: 'open' });
    const iterations = recordedRun({ iterations: 6 }).filter(({ kind }) => kind === 'iteration');
    expect(facts.iterations).toBe(iterations.length);
    expect(facts.curve.iterations).toEqual(iterations.map((_, k) => k + 1));
    expect(facts.stages.reduce((sum, of) => sum + of.iterations, 0)).toBe(iterations.length);
    expect(facts.stages.at(-1)).toMatchObject({ level: 0, stopReason: expect.any(String) });
    expect(facts.stageStarts[0]).toBe(0);
    const direction = facts.roles.find(({ role }) => role === 'step-direction');
    expect(direction).toMatchObject({
      ...{ plugin: 'lbfgs', applied: iterations.length, accepted: iterations.length, refused: 0 },
      outcomes: [{ word: 'applied', count: iterations.length }],
    });
    expect(JSON.stringify(facts)).not.toMatch(/of a test/);
  });

  it('shows how it ended: stop reason, F_ref and dose metrics by structure', () => {
    const { follower, plan, board } = one();
    playEvents(follower);
    follower.event(finishEvent);
    follower.close('finished');
    expect(plan.facts()).toMatchObject({
      state: 'finished',
      finish: {
        ...{ stopReason: 'tolerance', referenceObjective: 1.25, callEquivalents: 25.5 },
        metrics: [{ structure: 'PTV70', name: 'D95', value: 69.5, unit: 'Gy' }],
      },
    });
    expect(JSON.stringify(plan.facts())).not.toContain('finalWeights');
    expect(board.plan('session-0')).toBe(plan);
  });

  it('predicts the running stage only', () => {
    const { follower, plan } = one();
    follower.answered(stopping({ predictedFinalObjective: 4.5, predictedStandardDeviation: 0.25 }));
    expect(plan.summary().prediction).toEqual({ value: 4.5, deviation: 0.25 });
    follower.answered(stopping({ predictedFinalObjective: 4 }));
    expect(plan.summary().prediction).toEqual({ value: 4, deviation: null });
    const [, , iteration] = recordedRun();
    if (iteration?.kind !== 'iteration') throw new Error('the third event is an iteration');
    const came = (objective: number) =>
      follower.event({ ...iteration, iteration: { ...iteration.iteration, objective } });
    came(4);
    expect(plan.summary().prediction).toEqual({ value: 4, deviation: null });
    came(3.9);
    expect(plan.summary().prediction, 'the objective has passed it').toBeNull();
    follower.answered(stopping({ predictedFinalObjective: 3 }));
    const start = recordedRun().find(({ kind }) => kind === 'level-start');
    if (start?.kind === 'level-start') follower.event(start);
    expect(plan.summary().prediction).toBeNull();
  });

  it('lists stops and answers without a value, repeated ones once with their count', () => {
    const { follower, plan } = one();
    const late = {
      ...withheld('timeout', 'late'),
      role: 'step-direction',
      generation: 7,
      latencyUs: 5,
      isFinal: false,
    } as const;
    const advices = { 'step-direction': late };
    for (let k = 0; k < 5; k += 1) {
      follower.answered({ kind: 'iteration', level, stage, iteration: k, advices });
    }
    follower.answered(stopping({}));
    follower.answered(stopping({ decision: 'stop-level', explanation: 'it is flat' }));
    expect(plan.facts().decisions).toMatchObject([
      { role: 'step-direction', outcome: 'timeout', reason: 'late', count: 5, text: '' },
      { role: 'early-stopping', outcome: 'applied', text: 'stop-level: it is flat', count: 1 },
    ]);
    const direction = plan.summary().roles.find(({ role }) => role === 'step-direction');
    expect(direction).toMatchObject({ applied: 0, withheld: 5 });
  });

  it('keeps a bounded number of points, decisions and words, however long the plan', () => {
    const { follower, plan } = one();
    for (let k = 0; k < 5000; k += 1) {
      follower.event({
        kind: 'iteration',
        iteration: { ...iteration.iteration, objective: 1 / (k + 1) },
      });
      const outcome = k % 2 === 0 ? 'timeout' : 'failed';
      const advice = {
        ...withheld(outcome, `r${k}`),
        role: 'step-direction',
        generation: 7,
        latencyUs: 5,
        isFinal: false,
      } as const;
      const advices = { 'step-direction': advice };
      follower.answered({ kind: 'iteration', level, stage, iteration: k, advices });
    }
    const facts = plan.facts();
    expect(facts.iterations).toBe(5000);
    expect(facts.curve.iterations.length).toBeLessThanOrEqual(513);
    expect(facts.curve.iterations.at(-1)).toBe(5000);
    expect(facts.curve.objectives.at(-1)).toBe(1 / 5000);
    expect(facts.decisions.length).toBe(200);
    expect(facts.droppedDecisions).toBe(4800);
    expect(facts.roles.flatMap(({ outcomes }) => outcomes).length).toBeLessThan(60);
  });

  it('says when its stream broke and that it came back', () => {
    const { follower, plan } = one();
    follower.broken();
    expect(plan.summary().state).toBe('waiting');
    follower.resumed();
    expect(plan.summary().state).toBe('open');
  });

  it('shows no number where the objective is none', () => {
    const { follower, plan } = one();
    const objective = Number.NaN;
    follower.event({ kind: 'iteration', iteration: { ...iteration.iteration, objective } });
    expect(plan.summary().objective).toBeNull();
    expect(plan.facts().curve.objectives).toEqual([null]);
  });
});

it('keeps the plans that ended last', () => {
  const { board, followers } = boardWith(5, 2);
  for (const follower of followers.slice(0, 4)) follower.close('finished');
  expect(board.plans().map(({ sessionId }) => sessionId)).toEqual([
    'session-4',
    'session-3',
    'session-2',
  ]);
  expect(board.plan('session-0')).toBeUndefined();
});
