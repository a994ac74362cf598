import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { BatchedCounter } from './batched-counter.js';

it('keeps one count for equal labels, however often they are asked for', async () => {
  const registry = new Registry();
  const counter = new BatchedCounter({
    name: 'answers_total',
    help: 'Answers.',
    registry,
    labelNames: ['role'],
    wordLabel: 'outcome',
  });
  const first = counter.series({ role: 'a' });
  expect(counter.series({ role: 'a' })).toBe(first);
  expect(counter.series({ role: 'b' })).not.toBe(first);
  first.raise('applied');
  counter.series({ role: 'a' }).raise('applied');
  expect(await registry.metrics()).toContain('answers_total{role="a",outcome="applied"} 2');
});
