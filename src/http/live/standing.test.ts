import { expect, it } from 'vitest';
import { type Advice, applied, noAdvice } from '../../domain/advice/advice.js';
import { ROLES, type Role } from '../../plugin-sdk/index.js';
import { AdviceWatch } from './standing.js';

const rest = { generation: 1, latencyUs: 5 };

function without(role: Role, reason: string, more: Partial<Advice> = {}): Advice {
  return { ...noAdvice('default', reason), ...rest, role, isFinal: false, ...more };
}

function valued(role: 'early-stopping'): Advice {
  const value = applied<'early-stopping'>({ decision: 'continue' });
  return { ...value, ...rest, role, isFinal: false } as Advice;
}

it('is advised until something speaks against it', () => {
  const watch = new AdviceWatch(2);
  expect(watch.standing('open', false)).toEqual({ kind: 'advised', why: '' });
  watch.answered(valued('early-stopping'));
  watch.answered(without('initialization', 'not-applicable', { isFinal: true }));
  expect(watch.standing('open', false).kind).toBe('advised');
});

it('is unadvised where no role is on, with the reason', () => {
  expect(new AdviceWatch(0).standing('open', false)).toEqual({
    kind: 'unadvised',
    why: 'No role that it can use is on.',
  });
});

it('is unadvised when every role has said for good that it has nothing, in the words of the last', () => {
  const watch = new AdviceWatch(2);
  watch.answered(valued('early-stopping'));
  watch.answered(without('early-stopping', 'breaker-plan', { isFinal: true }));
  const detail = 'this model knows prostates only';
  watch.answered(without('initialization', 'not-applicable', { isFinal: true, detail }));
  expect(watch.standing('open', false)).toEqual({ kind: 'unadvised', why: detail });
});

it('is unadvised while no answer had a value, and advised with the first', () => {
  const watch = new AdviceWatch(1);
  watch.answered(without('early-stopping', 'late', { outcome: 'timeout' }));
  expect(watch.standing('open', false)).toEqual({
    kind: 'unadvised',
    why: "No advice so far. The answer came after the role's deadline.",
  });
  watch.answered(valued('early-stopping'));
  expect(watch.standing('open', false).kind).toBe('advised');
});

it('stays stopped to its end, whatever comes', () => {
  const watch = new AdviceWatch(1);
  watch.answered(without('early-stopping', 'stopped-by-operator', { outcome: 'disabled' }));
  watch.answered(valued('early-stopping'));
  expect(watch.standing('open', false).kind).toBe('stopped');
  expect(watch.standing('open', true).kind).toBe('stopped');
  const pressed = new AdviceWatch(1);
  pressed.stop();
  expect(pressed.standing('open', false).why).toContain('Stopped by an operator');
});

it.each([
  ['waiting', 'resuming', 'may come back'],
  ['finished', 'ended', ''],
  ['lost', 'ended', 'did not come back'],
  ['drained', 'ended', 'went away'],
  ['idle', 'ended', 'nothing for too long'],
] as const)('a plan that is %s is %s', (state, kind, why) => {
  const watch = new AdviceWatch(ROLES.length);
  watch.stop();
  const standing = watch.standing(state, false);
  expect(standing.kind).toBe(kind);
  expect(standing.why).toContain(why);
});

it('is shadow when the optimizer uses nothing', () => {
  expect(new AdviceWatch(1).standing('open', true).kind).toBe('shadow');
});
