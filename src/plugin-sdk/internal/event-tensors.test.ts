import { expect, it } from 'vitest';
import { recordedRun } from '../testing/recorded-run.js';
import { hasTensors, iterationOf, levelOf, mapTensors } from './event-tensors.js';

const events = recordedRun();

it('finds the tensors of every kind of event that carries some, and leaves the others alone', () => {
  const kinds = new Set<string>();
  for (const event of events) {
    if (!hasTensors(event)) {
      expect(['level-end', 'receipt']).toContain(event.kind);
      expect(mapTensors(event, () => ({}))).toBe(event);
      continue;
    }
    kinds.add(event.kind);
    expect(Object.keys(event.tensors).length, event.kind).toBeGreaterThan(0);
  }
  expect([...kinds].sort()).toEqual(['geometry', 'iteration', 'level-start']);
  expect(hasTensors({ kind: 'finish' })).toBe(false);
});

it('replaces tensors and nothing else, and does not touch the event it was given', () => {
  for (const event of events) {
    const before = structuredClone(event);
    const bare = mapTensors(event, () => ({}));
    expect(event).toEqual(before);
    expect(hasTensors(bare) ? bare.tensors : {}).toEqual({});
    expect(mapTensors(bare, () => (hasTensors(event) ? event.tensors : {}))).toEqual(event);
  }
});

it('says which level and which iteration: of the finest level with the geometry, none but with iterations', () => {
  for (const event of events) {
    if (event.kind === 'geometry') {
      expect([levelOf(event), iterationOf(event)]).toEqual([0, undefined]);
    } else if (event.kind === 'level-start') {
      expect([levelOf(event), iterationOf(event)]).toEqual([event.level, undefined]);
    } else if (event.kind === 'iteration') {
      expect([levelOf(event), iterationOf(event)]).toEqual([event.level, event.iteration]);
    }
  }
});
