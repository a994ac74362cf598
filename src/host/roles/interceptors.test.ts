import { describe, expect, it } from 'vitest';
import { applied, noAdvice, type RoleResult } from '../../domain/advice/advice.js';
import { earlyStoppingEnvelope } from '../../domain/advice/envelope/stopping-envelope.js';
import { ModelUnavailable, NotApplicable, RetryLater } from '../../plugin-sdk/index.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { resultOfError, withDeadline, withEnvelope } from './interceptors.js';

const envelope = (value: unknown) =>
  (value === 'bad'
    ? noAdvice('rejected', 'not-finite', true)
    : applied(value as never)) as RoleResult;
const onDefect = () => undefined;

describe('withDeadline', () => {
  it('sets no timer for a synchronous answer', () => {
    const clock = new FakeClock();
    const consult = withDeadline(
      () => {
        expect(clock.pendingTimers).toBe(0);
        return 'now';
      },
      clock,
      10,
      onDefect,
    );
    expect(consult(1)).toBe('now');
  });

  it('discards a synchronous answer that took too long', () => {
    const clock = new FakeClock();
    const consult = withDeadline(() => clock.advance(11), clock, 10, onDefect);
    expect(() => consult(1)).toThrow('late');
  });

  it('aborts at the deadline, refuses while busy, and asks again after the late answer', async () => {
    const clock = new FakeClock();
    let settle: (value: unknown) => void = onDefect;
    let aborts = 0;
    const consult = withDeadline(
      () => new Promise((resolve) => (settle = resolve)),
      clock,
      10,
      () => (aborts += 1),
    );
    const first = consult(1);
    clock.advance(10);
    await expect(first).rejects.toThrow('late');
    expect(aborts).toBe(1);
    expect(() => consult(2)).toThrow('still-busy');
    settle('too late');
    await new Promise(setImmediate);
    const third = consult(3);
    settle('in time');
    await expect(third).resolves.toBe('in time');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('withEnvelope', () => {
  it.each([
    [new RetryLater('x'), 'default', 'retry-later', false],
    [new NotApplicable('x'), 'default', 'not-applicable', false],
    [new ModelUnavailable('x'), 'failed', 'model-unavailable', true],
    [new Error('x'), 'failed', 'plugin-error', true],
    ['a string', 'failed', 'plugin-error', true],
  ])('%o', (thrown, outcome, reason, isFailure) => {
    expect(resultOfError(thrown)).toMatchObject({ outcome, reason, isFailure });
    // What the author said goes to the client; what a defect says stays in the log.
    expect(resultOfError(thrown).detail).toBe(reason === 'plugin-error' ? undefined : 'x');
  });

  it('reports defects, and only those', () => {
    const defects: unknown[] = [];
    const declined: unknown[] = [];
    const options = {
      envelope,
      onFailure: 'default',
      onDefect: (e: unknown) => defects.push(e),
      onDeclined: (e: unknown) => declined.push(e),
    } as const;
    const raise = (thrown: unknown) => () => {
      throw thrown;
    };
    withEnvelope(raise(new RetryLater('x')), options)(1);
    withEnvelope(raise('defect'), options)(1);
    const nothingHere = new NotApplicable('nothing here');
    withEnvelope(raise(nothingHere), options)(1);
    expect(defects).toEqual(['defect']);
    expect(declined).toEqual([nothingHere]);
  });

  it('hold_last: repeats the last value after a failure, still counted as one', () => {
    const answers: unknown[] = ['good', 'bad', undefined];
    const askRole = withEnvelope(() => answers.shift(), {
      envelope,
      onFailure: 'hold_last',
      onDefect,
      onDeclined: onDefect,
    });
    expect(askRole(1)).toMatchObject({ outcome: 'applied', value: 'good' });
    expect(askRole(2)).toMatchObject({
      outcome: 'clamped',
      reason: 'held-last-not-finite',
      value: 'good',
      isFailure: true,
    });
    // Having nothing to say is no failure, so nothing is held.
    expect(askRole(3)).toMatchObject({ outcome: 'default', value: undefined });
  });
});

describe('the envelope of early stopping under withEnvelope', () => {
  const bounds = { stopGain: 1e-3, stopMinimumIterations: 1, stopPatience: 2 };
  const stop = { decision: 'stop-level', explanation: 'flat' };
  const question = (iteration: number, objective: number) => ({ stage: 0, iteration, objective });

  /** Answers in turn; an Error is thrown. */
  function stopping(answers: unknown[], onFailure: 'default' | 'hold_last') {
    const consult = () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return withEnvelope(consult, {
      envelope: earlyStoppingEnvelope(bounds),
      onFailure,
      onDefect,
      onDeclined: onDefect,
    });
  }

  it('takes no stops for consecutive between which a question had no answer', () => {
    const askRole = stopping([stop, undefined, stop, stop], 'default');
    askRole(question(10, 8));
    askRole(question(11, 8));
    expect(askRole(question(12, 8))).toMatchObject({ reason: 'patience' });
    expect(askRole(question(13, 8))).toMatchObject({ outcome: 'applied', value: stop });
  });

  it('measures the gain since the last question, answered or not', () => {
    const askRole = stopping([stop, undefined, undefined, stop, stop], 'default');
    const objectives = [8, 4, 4, 4, 4];
    const results = objectives.map((objective, i) => askRole(question(i, objective)));
    expect(results[3]).toMatchObject({ reason: 'patience' });
    expect(results[4]).toMatchObject({ outcome: 'applied' });
  });

  it('measures the gain of one iteration where a question is put every n-th', () => {
    const askRole = stopping([stop, stop, stop], 'default');
    askRole(question(0, 8));
    askRole(question(5, 8 - 5 * 0.007));
    expect(askRole(question(10, 8 - 10 * 0.007))).toMatchObject({ outcome: 'applied' });
  });

  it.each([new Error('a defect'), { ...stop, predictedFinalObjective: Number.NaN }])(
    'never lets hold_last turn a failure into a stop: %o',
    (failure) => {
      const askRole = stopping([stop, failure, failure], 'hold_last');
      askRole(question(0, 8));
      for (const [iteration, objective] of [
        [1, 8],
        [2, 4],
      ] as const) {
        const result = askRole(question(iteration, objective));
        expect(result).toMatchObject({ isFailure: true, value: undefined });
      }
    },
  );
});
