import { expect, it } from 'vitest';
import { mergeWanted } from './merge-wanted.js';

it('asks for each kind once, at a rhythm that serves all, and only for what is offered', () => {
  const wants = [
    { kind: 'gradient', everyN: 4 },
    { kind: 'gradient', everyN: 6 },
    { kind: 'weights', everyN: 0 },
    { kind: 'weights', everyN: 3 },
    { kind: 'ct', everyN: 0 },
    { kind: 'variance', everyN: 1 },
  ] as const;
  expect(mergeWanted(wants, ['gradient', 'weights', 'ct', 'direction'])).toEqual([
    { kind: 'gradient', everyN: 2 },
    { kind: 'weights', everyN: 3 },
    { kind: 'ct', everyN: 0 },
  ]);
});
