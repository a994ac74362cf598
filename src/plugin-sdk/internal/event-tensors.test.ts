import { expect, it } from 'vitest';
import { recordedRun } from '../testing/recorded-run.js';
import { carrierOf, eventOf, iterationOf, levelOf, mapTensors } from './event-tensors.js';

const events = recordedRun();

it('finds the tensors of every kind of event that carries some, and leaves the others alone', () => {
  const kinds = new Set<string>();
  for (const event of events) {
    const carrier = carrierOf(event);
    if (event.kind === 'level-end' || event.kind === 'receipt') {
      expect(carrier).toBeUndefined();
      expect(mapTensors(event, () => ({}))).toBe(event);
      continue;
    }
    kinds.add(event.kind);
    expect(Object.keys(carrier?.tensors ?? {}).length, event.kind).toBeGreaterThan(0);
    expect(carrier && eventOf(event.kind, carrier as never)).toEqual(event);
  }
  expect([...kinds].sort()).toEqual(['geometry', 'iteration', 'level-start']);
  expect(carrierOf({ kind: 'finish' })).toBeUndefined();
});

it('replaces tensors and nothing else, and does not touch the event it was given', () => {
  for (const event of events) {
    const before = structuredClone(event);
    const bare = mapTensors(event, () => ({}));
    expect(event).toEqual(before);
    expect(carrierOf(bare)?.tensors ?? {}).toEqual({});
    expect(mapTensors(bare, () => carrierOf(event)?.tensors ?? {})).toEqual(event);
  }
});

it('says which level and which iteration: of the finest level with the geometry, none but with iterations', () => {
  const geometry = { structures: [], tensors: {} };
  expect([levelOf(geometry), iterationOf(geometry)]).toEqual([0, undefined]);
  const iterations = events.filter((event) => event.kind === 'iteration');
  expect(iterations.length).toBeGreaterThan(0);
  for (const { iteration } of iterations) {
    expect([levelOf(iteration), iterationOf(iteration)]).toEqual([
      iteration.level,
      iteration.iteration,
    ]);
  }
});
