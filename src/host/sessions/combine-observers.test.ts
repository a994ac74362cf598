import { expect, it } from 'vitest';
import type { SessionObserver } from '../../domain/session/session-observer.js';
import { combineObservers } from './combine-observers.js';

function observer(told: string[], name: string, isBroken = false): SessionObserver {
  const hear = (what: string) => () => {
    told.push(`${name} ${what}`);
    if (isBroken) throw new Error(`${name} is broken`);
  };
  return {
    event: hear('event'),
    answered: hear('answered'),
    receipt: hear('receipt'),
    broken: hear('broken'),
    resumed: hear('resumed'),
    close: hear('close'),
  };
}

it('is nobody when there is nobody', () => {
  expect(combineObservers([undefined], () => undefined)).toBeUndefined();
});

it('tells each in turn, and one that throws no more', () => {
  const told: string[] = [];
  const defects: unknown[] = [];
  const all = combineObservers(
    [observer(told, 'first'), undefined, observer(told, 'second', true), observer(told, 'third')],
    (thrown) => defects.push(thrown),
  );
  all?.broken();
  all?.resumed();
  expect(told).toEqual([
    'first broken',
    'second broken',
    'third broken',
    'first resumed',
    'third resumed',
  ]);
  expect(defects).toEqual([new Error('second is broken')]);
});

it('guards a single one, too', () => {
  const defects: unknown[] = [];
  const alone = combineObservers([observer([], 'only', true)], (thrown) => defects.push(thrown));
  alone?.broken();
  alone?.close('finished');
  expect(defects).toHaveLength(1);
});
