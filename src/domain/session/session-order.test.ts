import { beforeEach, describe, expect, it } from 'vitest';
import { fakePlan, recordedRun } from '../../plugin-sdk/testing/index.js';
import { HostError } from '../errors/host-error.js';
import type { PlanEvent } from './advisor.js';
import { SessionOrder } from './session-order.js';

const plan = fakePlan();
const run = recordedRun({ plan, iterations: 2 }) as readonly PlanEvent[];
const finish = { kind: 'finish' } as PlanEvent;
const [geometry, start, first, second] = run as [PlanEvent, PlanEvent, PlanEvent, PlanEvent];

function change(event: PlanEvent, fields: object): PlanEvent {
  return { ...event, ...fields } as PlanEvent;
}

let order: SessionOrder;
beforeEach(() => {
  order = new SessionOrder(plan);
});

function codeOf(event: PlanEvent): string | undefined {
  try {
    order.accept(event);
    return undefined;
  } catch (thrown) {
    if (!HostError.is(thrown)) throw thrown;
    return thrown.code;
  }
}

it('accepts a whole plan', () => {
  for (const event of [...run, finish]) order.accept(event);
  expect(order.isFinished).toBe(true);
});

describe('refuses', () => {
  it('anything after finish', () => {
    order.accept(finish);
    expect(codeOf(start)).toBe('event-out-of-order');
    expect(codeOf(finish)).toBe('event-out-of-order');
  });

  it('geometry twice or late, and volumes after it', () => {
    order.accept(geometry);
    expect(codeOf(geometry)).toBe('event-duplicate');
    expect(codeOf({ kind: 'volume' } as PlanEvent)).toBe('event-out-of-order');
    order = new SessionOrder(plan);
    order.accept(start);
    expect(codeOf(geometry)).toBe('event-out-of-order');
  });

  it('iterations outside a stage, repeated or going back', () => {
    expect(codeOf(first)).toBe('event-out-of-order');
    order.accept(start);
    order.accept(second);
    expect(codeOf(second)).toBe('event-duplicate');
    expect(codeOf(first)).toBe('iteration-out-of-order');
  });

  it('wrong stages, levels and lengths', () => {
    order.accept(start);
    expect(codeOf(start)).toBe('event-duplicate');
    expect(codeOf(change(first, { stage: 3 }))).toBe('stage-out-of-order');
    expect(codeOf(change(first, { level: 0 }))).toBe('invalid-field');
    expect(codeOf(change(start, { stage: 1, level: 9 }))).toBe('invalid-field');
    expect(codeOf(change(start, { stage: 1, beamletCount: 5 }))).toBe('invalid-field');
    order.accept(change(start, { stage: 2, level: 0, beamletCount: 8 }));
    expect(codeOf(change(start, { stage: 1 }))).toBe('stage-out-of-order');
    expect(codeOf(change(start, { stage: 3 }))).toBe('level-out-of-order');
  });
});

it('lets a new descent begin after the finest level, and only there', () => {
  order.accept(change(start, { level: 0, beamletCount: 8 }));
  order.accept({
    kind: 'level-end',
    level: 0,
    stage: 0,
    iterations: 0,
  } as PlanEvent);
  order.accept(change(start, { stage: 1 }));
  order.accept({
    kind: 'level-end',
    level: 1,
    stage: 1,
    iterations: 3,
  } as PlanEvent);
  order.accept(change(start, { stage: 2, level: 0, beamletCount: 8 }));
  expect(codeOf(change(start, { stage: 3 }))).toBe('level-out-of-order');
  order.accept({
    kind: 'level-end',
    level: 0,
    stage: 2,
    iterations: 40,
  } as PlanEvent);
  order.accept(change(start, { stage: 3 }));
});

it('lets a new descent begin after a coarse level that advice ended', () => {
  order.accept(change(start, { stage: 0 }));
  order.accept({
    kind: 'level-end',
    level: 1,
    stage: 0,
    iterations: 3,
    stopReason: 'advice',
  } as PlanEvent);
  order.accept(change(start, { stage: 1 }));
  order.accept({
    kind: 'level-end',
    level: 1,
    stage: 1,
    iterations: 3,
    stopReason: 'advice',
  } as PlanEvent);
  order.accept(change(start, { stage: 2, level: 0, beamletCount: 8 }));
});

it('allows gaps, which deadlines on the client make', () => {
  order.accept(start);
  order.accept(second);
  order.accept(change(start, { stage: 4, level: 0, beamletCount: 8 }));
});

it('waits for a level start after a resume', () => {
  order.accept(start);
  order.resume();
  expect(codeOf(first)).toBe('event-out-of-order');
});
