import { describe, expect, it } from 'vitest';
import { applied, type Ruling, withheld } from '../domain/advice.js';
import { Breaker } from '../domain/breaker.js';
import { ModelUnavailable, NotApplicable, RetryLater } from '../plugin-sdk/index.js';
import { FakeClock } from '../plugin-sdk/testing/index.js';
import { rulingOn, withBreakers, withDeadline, withEnvelope } from './interceptors.js';

const judge = (value: unknown) =>
  (value === 'bad' ? withheld('rejected', 'not-finite', true) : applied(value as never)) as Ruling;
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
    expect(rulingOn(thrown)).toMatchObject({ outcome, reason, isFailure });
  });

  it('reports defects, and only those', () => {
    const defects: unknown[] = [];
    const options = {
      judge,
      onFailure: 'default',
      onDefect: (e: unknown) => defects.push(e),
    } as const;
    const raise = (thrown: unknown) => () => {
      throw thrown;
    };
    withEnvelope(raise(new RetryLater('x')), options)(1);
    withEnvelope(raise('defect'), options)(1);
    expect(defects).toEqual(['defect']);
  });

  it('hold_last: repeats the last value after a failure, still counted as one', () => {
    const answers: unknown[] = ['good', 'bad', undefined];
    const rule = withEnvelope(() => answers.shift(), { judge, onFailure: 'hold_last', onDefect });
    expect(rule(1)).toMatchObject({ outcome: 'applied', value: 'good' });
    expect(rule(2)).toMatchObject({
      outcome: 'clamped',
      reason: 'held-last-not-finite',
      value: 'good',
      isFailure: true,
    });
    // Having nothing to say is no failure, so nothing is held.
    expect(rule(3)).toMatchObject({ outcome: 'default', value: undefined });
  });
});

it('withBreakers: stops asking a plugin that is not applicable, without counting failures', () => {
  const clock = new FakeClock();
  const options = { failures: 1, windowMs: 10, coolDownMs: 10 };
  const pair = { plan: new Breaker(options), host: new Breaker(options), onMove: onDefect };
  let asked = 0;
  const rule = withBreakers(
    () => {
      asked += 1;
      return withheld('default', 'not-applicable');
    },
    clock,
    pair,
  );
  rule(1);
  expect(rule(2)).toMatchObject({ outcome: 'disabled', reason: 'not-applicable' });
  expect(asked).toBe(1);
  expect(pair.plan.state(0)).toBe('closed');
});
