import { describe, expect, it } from 'vitest';
import type { ShadowFollower } from '../../domain/shadow-arms.js';
import type { ShadowOutcome } from '../../domain/shadow-outcome.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import {
  fakeOpening,
  finishEvent,
  playEvents,
  playSession,
} from '../../domain/testing/play-session.js';
import { testConfig } from '../../domain/testing/test-config.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { FakeShadowWorkers } from '../testing/fake-shadow-worker.js';
import { ShadowArms } from './shadow-arms.js';

const override = { plugin: 'plateau', model: undefined, settings: {} };
const experiment = testExperiment({
  shadowArms: [{ id: 'ghost', roles: { 'early-stopping': override } }],
});
const { id } = experiment;
const config = testConfig({ experiments: [experiment] });
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function following(limits = { items: 1000, bytes: 2 ** 20 }) {
  const clock = new FakeClock();
  const metrics = new CountingMetrics();
  const log = new FakeLog();
  const workers = new FakeShadowWorkers();
  const stored: ShadowOutcome[] = [];
  const state = { isBusy: false, storeFails: false };
  const shadows = new ShadowArms({
    ...{ clock, metrics, log, wallMs: () => 7, start: workers.start, limits, maxSessions: 3 },
    isBusy: () => state.isBusy,
    store: async (outcome) => {
      if (state.storeFails) throw new Error('disk full');
      stored.push(outcome);
      return true;
    },
  });
  const prepared = await shadows.prepare(config);
  prepared.commit();
  let opened = 0;
  const follow = (served = 'old') => {
    opened += 1;
    const opening = fakeOpening();
    return shadows.follow({
      ...{ sessionId: `s${opened}`, opening, generation: 1, bindings: [], seed: 5 },
      arms: new Map([[id, served]]),
      servedWants: [{ role: 'step-direction', wants: [{ kind: 'weights', everyN: 1 }] }],
    });
  };
  const flush = () => clock.advance(25);
  const count = (result: string) => metrics.counts.get(`shadowed ${id} ghost ${result}`) ?? 0;
  const answer = (key: number) =>
    workers.events.onMessage({
      ...{ kind: 'outcome', key },
      arms: [{ experiment: id, arm: 'ghost', roles: [] }],
    });
  return { shadows, prepared, workers, clock, log, stored, state, follow, flush, count, answer };
}

const followed = (follower: ShadowFollower | undefined): ShadowFollower => {
  if (follower === undefined) throw new Error('it is not followed');
  return follower;
};

describe('a session with shadow arms', () => {
  it('goes to the worker in few messages, copied, and its outcome is stored once', async () => {
    const { follow, flush, workers, answer, stored, count } = await following();
    const session = followed(follow('new'));
    expect(session.wants).toEqual([{ kind: 'gradient', everyN: 1 }]);
    playSession(session, 3);
    expect(workers.of('item')).toEqual([]);
    flush();
    const [open] = workers.of('open');
    expect(open).toMatchObject({ sessionId: 's1', seed: 5 });
    expect(open?.arms[0]?.wanted.map(({ kind }) => kind)).toEqual(['gradient', 'weights']);
    const items = workers.of('item').map(({ item }) => item);
    expect(items.at(-1)).toEqual({ kind: 'end' });
    const events = items.flatMap((item) => (item.kind === 'event' ? [item] : []));
    const iterations = events.filter(({ event }) => event.kind === 'iteration');
    expect(iterations.every(({ advices }) => advices !== undefined)).toBe(true);
    expect(Object.keys(iterations[0]?.advices ?? {})).toEqual([]);
    answer(open?.key ?? 0);
    answer(open?.key ?? 0);
    await settle();
    expect(stored).toEqual([
      {
        ...{ experiment: id, session: 's1', arm: 'ghost', served: 'new' },
        ...{ metrics: {}, roles: [], atMs: 7 },
      },
    ]);
    expect(count('stored')).toBe(1);
  });

  it('that is cancelled or lost has no outcome', async () => {
    const { follow, count, workers, flush } = await following();
    const [first, second] = [followed(follow()), followed(follow())];
    first.event({ kind: 'finish', finish: { ...cancelled(), stopReason: 'cancelled' } });
    playEvents(second, 1);
    second.close('lost');
    second.close('lost');
    flush();
    expect(count('unfinished')).toBe(2);
    expect(workers.of('drop')).toHaveLength(2);
  });

  it('is dropped as a whole when an event does not fit; others go on', async () => {
    const { follow, count, flush, workers } = await following({ items: 12, bytes: 2 ** 20 });
    const [first, second] = [followed(follow()), followed(follow())];
    playEvents(first, 1);
    playEvents(second, 30);
    expect(count('queue-full')).toBe(1);
    workers.sent.length = 0;
    flush();
    expect(workers.of('drop')).toHaveLength(1);
    workers.catchUp();
    first.event(finishEvent);
    flush();
    expect(workers.of('item').at(-1)?.item).toEqual({ kind: 'end' });
  });

  it('goes first, the youngest before others, while the worker falls behind or the host is busy', async () => {
    const { follow, count, flush, workers, state } = await following({ items: 20, bytes: 2 ** 20 });
    const [first, second] = [followed(follow()), followed(follow())];
    playEvents(first, 2);
    playEvents(second, 2);
    flush();
    expect(count('queue-full')).toBe(1);
    workers.catchUp();
    state.isBusy = true;
    expect(follow()).toBeUndefined();
    first.event(finishEvent);
    flush();
    expect(count('busy')).toBe(2);
  });

  it('is one of a bounded number', async () => {
    const { follow, count } = await following();
    for (let n = 0; n < 3; n += 1) followed(follow());
    expect(follow()).toBeUndefined();
    expect(count('queue-full')).toBe(1);
  });

  it('whose outcome cannot be stored is counted, and so is one that failed in the worker', async () => {
    const { follow, flush, workers, answer, state, count, log } = await following();
    state.storeFails = true;
    playSession(followed(follow()), 1);
    followed(follow());
    flush();
    const [first, second] = workers.of('open').map(({ key }) => key);
    answer(first ?? 0);
    workers.events.onMessage({ kind: 'failed', key: second ?? 0, problem: 'a defect' });
    await settle();
    expect([count('store-failed'), count('failed')]).toEqual([1, 1]);
    expect(log.lines.map(({ message }) => message)).toEqual([
      'shadow arms failed',
      'a shadow outcome could not be stored',
    ]);
  });
});

describe('the red switch', () => {
  it('drops what is open, reaches the worker at once, and lets new sessions in when it is off', async () => {
    const { follow, shadows, workers, count } = await following();
    const session = followed(follow());
    shadows.stopped(true);
    expect(workers.of('stop')).toEqual([{ kind: 'stop', isStopped: true }]);
    playSession(session, 1);
    expect(count('stopped')).toBe(1);
    expect(follow()).toBeUndefined();
    shadows.stopped(false);
    followed(follow());
  });
});

describe('the worker', () => {
  it('that dies costs its sessions their outcome, and another takes its place after a while', async () => {
    const { follow, workers, clock, count } = await following();
    const session = followed(follow());
    workers.events.onExit('out of memory');
    playSession(session, 1);
    expect(count('worker-died')).toBe(1);
    expect(follow()).toBeUndefined();
    expect(count('not-ready')).toBe(1);
    clock.advance(10_000);
    await settle();
    expect(workers.started).toBe(2);
    followed(follow());
  });

  it('that dies again while it is started again is tried once more', async () => {
    const { workers, clock, follow } = await following();
    workers.answers = false;
    workers.events.onExit('out of memory');
    clock.advance(10_000);
    await settle();
    workers.events.onExit('out of memory again');
    await settle();
    workers.answers = true;
    clock.advance(10_000);
    await settle();
    expect(workers.started).toBe(3);
    followed(follow());
  });

  it('that dies with a configuration that is not taken has the one in force again', async () => {
    const { shadows, workers, follow } = await following();
    workers.answers = false;
    const preparing = shadows.prepare(config);
    await settle();
    workers.events.onExit('out of memory');
    const { faults, discard } = await preparing;
    expect(faults).toHaveLength(1);
    workers.answers = true;
    discard();
    await settle();
    expect(workers.started).toBe(2);
    followed(follow());
  });

  it('that dies with a configuration that is taken all the same is started again later', async () => {
    const { shadows, workers, follow, clock } = await following();
    workers.answers = false;
    const preparing = shadows.prepare(config);
    await settle();
    workers.events.onExit('out of memory');
    (await preparing).commit();
    workers.answers = true;
    clock.advance(10_000);
    await settle();
    followed(follow());
  });

  it('that hangs is ended', async () => {
    const { follow, workers, flush, clock, count } = await following();
    playEvents(followed(follow()), 2);
    flush();
    for (let n = 0; n < 40; n += 1) clock.advance(1000);
    expect([workers.terminated, count('worker-died')]).toEqual([1, 1]);
  });

  it('stays over a reload, and goes with the last session when no configuration needs it', async () => {
    const { shadows, follow, workers, flush, answer } = await following();
    const session = followed(follow());
    (await shadows.prepare(config)).commit();
    expect(workers.started).toBe(1);
    expect(workers.of('commit').map(({ preparation }) => preparation)).toEqual([1, 2]);
    (await shadows.prepare(testConfig())).commit();
    expect(workers.of('close')).toEqual([]);
    expect(follow()).toBeUndefined();
    playSession(session, 1);
    flush();
    answer(workers.of('open')[0]?.key ?? 0);
    expect(workers.of('close')).toHaveLength(1);
    workers.events.onExit('it ended with 0');
    (await shadows.prepare(config)).commit();
    expect(workers.started).toBe(2);
  });

  it('says which arms it cannot compute: a new fault refuses a change, an old one does not', async () => {
    const { shadows, workers, prepared, log, follow, count } = await following();
    expect(prepared.faults).toEqual([]);
    workers.refusal = 'role early-stopping: no such plugin';
    const first = await shadows.prepare(config);
    expect(first.faults[0]?.path).toEqual(['experiments', 0, 'shadow_arms', 0]);
    expect(first.faults[0]?.error.message).toBe(
      `Shadow arm \`ghost\` of experiment \`${id}\` cannot be computed: role early-stopping: no such plugin`,
    );
    expect(first.faults[0]?.isOld).toBe(false);
    first.commit();
    expect((await shadows.prepare(config)).faults[0]?.isOld).toBe(true);
    expect(log.lines.map(({ message }) => message)).toEqual(['shadow arm is not computed']);
    expect(follow()).toBeUndefined();
    expect(count('not-ready')).toBe(1);
  });

  it('that never says whether it is ready keeps no configuration waiting for ever', async () => {
    const { shadows, workers, clock } = await following();
    workers.answers = false;
    const preparing = shadows.prepare(config);
    await settle();
    clock.advance(60_000);
    expect((await preparing).faults[0]?.error.message).toMatch(/the worker did not answer in/);
    const other = shadows.prepare(config);
    await settle();
    workers.events.onExit('out of memory');
    expect((await other).faults[0]?.error.message).toMatch(/the worker ended: out of memory/);
  });

  it('is given a moment for outcomes that are on their way when the host leaves', async () => {
    const { shadows, follow, flush, workers, answer, count, clock } = await following();
    playSession(followed(follow()), 1);
    playEvents(followed(follow()), 1);
    flush();
    const leaving = shadows.dispose();
    answer(workers.of('open')[0]?.key ?? 0);
    await settle();
    workers.events.onExit('it ended with 0');
    await leaving;
    expect([count('stored'), count('host-stopped')]).toEqual([1, 1]);
    expect(clock.pendingTimers).toBe(0);
  });
});

function cancelled() {
  if (finishEvent.kind !== 'finish') throw new Error('a finish');
  return finishEvent.finish;
}
