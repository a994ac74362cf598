import { expect, it } from 'vitest';
import type { Binding } from '../../domain/advice/advice.js';
import { PlanCounts } from '../../domain/session/plan-counts.js';
import { fakeOpening, playEvents } from '../../domain/testing/play-session.js';
import type { HostStatus, LiveUpdate } from '../api.js';
import { LiveBoard } from './live-board.js';
import { LiveFeed, pumpFeed } from './live-feed.js';

const bindings: readonly Binding[] = [];

function source() {
  const live = new LiveBoard({ wallMs: () => 5, keepEnded: 1 });
  let generation = 1;
  return {
    live,
    open: (sessionId: string) =>
      live.observe({
        sessionId,
        opening: fakeOpening(),
        generation,
        bindings,
        counts: new PlanCounts(),
      }),
    change: () => {
      generation += 1;
    },
    source: {
      instance: 'one',
      live,
      wallMs: () => 5,
      status: () => ({ generation }) as HostStatus,
    },
  };
}

it('starts with everything and then tells only what is new', () => {
  const { source: from, open, change } = source();
  const plan = open('a');
  playEvents(plan, 3);
  const feed = new LiveFeed(from);
  const first = feed.next();
  expect(first).toMatchObject({ instance: 'one', status: { generation: 1 }, members: ['a'] });
  const whole = first?.plans?.[0]?.curve.iterations.length ?? 0;
  expect(whole).toBeGreaterThan(0);
  expect(feed.next()).toBeUndefined();

  playEvents(plan, 1);
  const later = feed.next();
  expect(later).not.toHaveProperty('status');
  expect(later).not.toHaveProperty('members');
  expect(later?.plans?.[0]?.curve).toMatchObject({ from: whole });

  change();
  expect(feed.next()).toMatchObject({ status: { generation: 2 } });
  open('b');
  expect(feed.next()).toMatchObject({ members: ['a', 'b'], plans: [{ sessionId: 'b' }] });
  expect(new LiveFeed(from).next()?.plans).toHaveLength(2);
});

it('forgets what it told of plans that are gone', () => {
  const { source: from, open } = source();
  const feed = new LiveFeed(from);
  for (const name of ['a', 'b', 'c']) open(name).close('finished');
  expect(feed.next()?.members).toEqual(['c']);
});

it('lets a slow reader wait for nothing but the newest state', async () => {
  const { source: from, open } = source();
  const plan = open('a');
  const written: LiveUpdate[] = [];
  let taken = () => {};
  let isOver = false;
  const writer = {
    get isOver() {
      return isOver;
    },
    write: (update: LiveUpdate) => {
      written.push(update);
      return new Promise<void>((resolve) => {
        taken = resolve;
      });
    },
    beat: async () => {},
    pause: async () => {},
  };
  const pump = pumpFeed(new LiveFeed(from), writer, 1);
  for (let k = 0; k < 50; k += 1) {
    playEvents(plan, 2);
    await new Promise(setImmediate);
  }
  expect(written).toHaveLength(1);
  taken();
  await new Promise(setImmediate);
  expect(written).toHaveLength(2);
  const { iterations } = from.live.plans()[0]?.summary() ?? {};
  expect(written[1]?.plans?.[0]?.iterations).toBe(iterations);
  isOver = true;
  taken();
  await pump;
});

it('beats when nothing happens', async () => {
  const { source: from } = source();
  let beats = 0;
  const writer = {
    get isOver() {
      return beats === 2;
    },
    write: async () => {},
    beat: async () => {
      beats += 1;
    },
    pause: async () => {},
  };
  await pumpFeed(new LiveFeed(from), writer, 5000);
  expect(beats).toBe(2);
});
