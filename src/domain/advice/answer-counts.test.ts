import { expect, it } from 'vitest';
import { OUTCOMES } from './advice.js';
import { answerCounts } from './answer-counts.js';

it('tells every outcome in one of four words', () => {
  const outcomes = OUTCOMES.map((outcome, k) => ({ outcome, count: 10 ** k }));
  const counts = answerCounts(outcomes);
  expect(counts).toEqual({
    answered: 11,
    nothingToSay: 1000,
    heldBack: 100 + 10_000 + 100_000 + 1_000_000,
    notAsked: 10_000_000,
  });
  expect(answerCounts([])).toMatchObject({ answered: 0, heldBack: 0 });
});
