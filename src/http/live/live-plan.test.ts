import { describe, expect, it } from 'vitest';
import { applied, type Binding, noAdvice } from '../../domain/advice/advice.js';
import { PlanCounts } from '../../domain/session/plan-counts.js';
import {
  counted,
  fakeOpening,
  finishEvent,
  playEvents,
} from '../../domain/testing/play-session.js';
import { ROLES } from '../../plugin-sdk/index.js';
import { recordedRun } from '../../plugin-sdk/testing/index.js';
import { LiveBoard } from './live-board.js';

const bindings = ROLES.map(
  (role): Binding => ({
    role,
    plugin: role === 'step-direction' ? 'lbfgs' : '',
    pluginVersion: '1.0.0',
    model: '',
    modelSha256: '',
    arm: '',
    solver: undefined,
    deadlineMs: 50,
  }),
);

function boardWith(count: number, keepEnded = 32) {
  let now = 1000;
  const wallMs = () => {
    now += 1;
    return now;
  };
  const board = new LiveBoard({ wallMs, keepEnded });
  const observers = Array.from({ length: count }, (_, k) => {
    const counts = new PlanCounts();
    const session = { sessionId: `session-${k}`, opening: fakeOpening(), generation: 7 };
    return counted(counts, board.observe({ ...session, bindings, counts }));
  });
  return { board, observers };
}

function one() {
  const { board, observers } = boardWith(1);
  const [observer] = observers;
  const [plan] = board.plans();
  if (observer === undefined || plan === undefined) throw new Error('no plan');
  return { board, observer, plan };
}

const iteration = recordedRun().find((event) => event.kind === 'iteration');
if (iteration?.kind !== 'iteration') throw new Error('no iteration');
const { level, stage } = iteration;

function stopping(value: object) {
  const result = applied<'early-stopping'>({ decision: 'continue', ...value });
  const advices = {
    'early-stopping': {
      ...result,
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
    const { observer, plan } = one();
    playEvents(observer, 6);
    const view = plan.view();
    expect(view).toMatchObject({ client: 'test 1.0.0', generation: 7, state: 'open' });
    const iterations = recordedRun({ iterations: 6 }).filter(({ kind }) => kind === 'iteration');
    expect(view.iterations).toBe(iterations.length);
    expect(view.curve.iterations).toEqual(iterations.map((_, k) => k + 1));
    expect(view.stages.reduce((sum, of) => sum + of.iterations, 0)).toBe(iterations.length);
    expect(view.stages.at(-1)).toMatchObject({ level: 0, stopReason: expect.any(String) });
    expect(view.stageStarts[0]).toBe(0);
    const direction = view.roles.find(({ role }) => role === 'step-direction');
    expect(direction).toMatchObject({
      plugin: 'lbfgs',
      answered: iterations.length,
      used: iterations.length,
      notUsed: 0,
      outcomes: [{ word: 'applied', count: iterations.length }],
    });
    expect(JSON.stringify(view)).not.toMatch(/of a test/);
  });

  it('shows how it ended: stop reason, F_ref and dose metrics by structure', () => {
    const { observer, plan, board } = one();
    playEvents(observer);
    observer.event(finishEvent);
    observer.close('finished');
    expect(plan.view()).toMatchObject({
      state: 'finished',
      finish: {
        stopReason: 'tolerance',
        referenceObjective: 1.25,
        callEquivalents: 25.5,
        metrics: [{ structure: 'PTV70', name: 'D95', value: 69.5, unit: 'Gy' }],
      },
    });
    expect(JSON.stringify(plan.view())).not.toContain('finalWeights');
    expect(board.plan('session-0')).toBe(plan);
  });

  it('forecasts nothing any more once advice is stopped, and says so', () => {
    const { observer, plan, board } = one();
    observer.answered(stopping({ predictedFinalObjective: 4.5 }));
    board.adviceStopped(true);
    expect(plan.summary()).toMatchObject({ prediction: null, standing: { kind: 'stopped' } });
    observer.answered(stopping({ predictedFinalObjective: 4 }));
    expect(plan.summary().prediction).toBeNull();
    board.adviceStopped(false);
    expect(plan.summary().standing.kind).toBe('stopped');
    const later = { sessionId: 'later', opening: fakeOpening(), generation: 7, bindings };
    board.observe({ ...later, counts: new PlanCounts() });
    expect(board.plan('later')?.summary().standing.kind).toBe('advised');
  });

  it('predicts the running stage only', () => {
    const { observer, plan } = one();
    observer.answered(stopping({ predictedFinalObjective: 4.5, predictedStandardDeviation: 0.25 }));
    expect(plan.summary().prediction).toEqual({ value: 4.5, deviation: 0.25, toEnd: null });
    observer.answered(stopping({ predictedFinalObjective: 4 }));
    expect(plan.summary().prediction).toEqual({ value: 4, deviation: null, toEnd: null });
    const [, , iteration] = recordedRun();
    if (iteration?.kind !== 'iteration') throw new Error('the third event is an iteration');
    const came = (objective: number) => observer.event({ ...iteration, objective });
    came(4);
    expect(plan.summary().prediction).toEqual({ value: 4, deviation: null, toEnd: null });
    came(3.9);
    expect(plan.summary().prediction, 'the objective has passed it').toBeNull();
    observer.answered(stopping({ predictedFinalObjective: 3 }));
    const start = recordedRun().find(({ kind }) => kind === 'level-start');
    if (start?.kind === 'level-start') observer.event(start);
    expect(plan.summary().prediction).toBeNull();
  });

  it('lists stops and answers without a value, repeated ones once with their count', () => {
    const { observer, plan } = one();
    const late = {
      ...noAdvice('timeout', 'late'),
      role: 'step-direction',
      generation: 7,
      latencyUs: 5,
      isFinal: false,
    } as const;
    const advices = { 'step-direction': late };
    for (let k = 0; k < 5; k += 1) {
      observer.answered({ kind: 'iteration', level, stage, iteration: k, advices });
    }
    observer.answered(stopping({}));
    observer.answered(stopping({ decision: 'stop-level', explanation: 'it is flat' }));
    expect(plan.view().log).toMatchObject([
      { role: 'step-direction', outcome: 'timeout', reason: 'late', count: 5, text: '' },
      { role: 'early-stopping', outcome: 'applied', text: 'stop-level: it is flat', count: 1 },
    ]);
    const direction = plan.summary().roles.find(({ role }) => role === 'step-direction');
    expect(direction).toMatchObject({ answered: 0, nothingToSay: 0, heldBack: 5 });
  });

  it('tells a plugin that has nothing to say from an answer that is held back', () => {
    const { observer, plan } = one();
    const results = [
      noAdvice('default', 'no-advice'),
      noAdvice('disabled', 'not-applicable'),
      noAdvice('rejected', 'not-finite'),
    ];
    for (const [iteration, result] of results.entries()) {
      const silent = { ...result, role: 'step-direction', generation: 7, latencyUs: 5 } as const;
      const advices = { 'step-direction': { ...silent, isFinal: false } };
      observer.answered({ kind: 'iteration', level, stage, iteration, advices });
    }
    const direction = plan.summary().roles.find(({ role }) => role === 'step-direction');
    expect(direction).toMatchObject({ answered: 0, nothingToSay: 2, heldBack: 1 });
  });

  it('keeps a bounded number of points, log entries and words, however long the plan', () => {
    const { observer, plan } = one();
    for (let k = 0; k < 5000; k += 1) {
      observer.event({ ...iteration, objective: 1 / (k + 1) });
      const outcome = k % 2 === 0 ? 'timeout' : 'failed';
      const advice = {
        ...noAdvice(outcome, `r${k}`),
        role: 'step-direction',
        generation: 7,
        latencyUs: 5,
        isFinal: false,
      } as const;
      const advices = { 'step-direction': advice };
      observer.answered({ kind: 'iteration', level, stage, iteration: k, advices });
    }
    const view = plan.view();
    expect(view.iterations).toBe(5000);
    expect(view.curve.iterations.length).toBeLessThanOrEqual(513);
    expect(view.curve.iterations.at(-1)).toBe(5000);
    expect(view.curve.objectives.at(-1)).toBe(1 / 5000);
    expect(view.log.length).toBe(200);
    expect(view.droppedEntries).toBe(4800);
    expect(view.roles.flatMap(({ outcomes }) => outcomes).length).toBeLessThan(60);
  });

  it('says when its stream broke and that it came back', () => {
    const { observer, plan } = one();
    observer.broken();
    expect(plan.summary().state).toBe('waiting');
    observer.resumed();
    expect(plan.summary().state).toBe('open');
  });

  it('shows no number where the objective is none', () => {
    const { observer, plan } = one();
    const objective = Number.NaN;
    observer.event({ ...iteration, objective });
    expect(plan.summary().objective).toBeNull();
    expect(plan.view().curve.objectives).toEqual([null]);
  });
});

it('keeps the plans that ended last', () => {
  const { board, observers } = boardWith(5, 2);
  for (const observer of observers.slice(0, 4)) observer.close('finished');
  expect(board.plans().map(({ sessionId }) => sessionId)).toEqual([
    'session-4',
    'session-3',
    'session-2',
  ]);
  expect(board.plan('session-0')).toBeUndefined();
});
