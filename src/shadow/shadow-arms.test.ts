import { describe, expect, it } from 'vitest';
import { finishEvent, playEvents, playSession } from '../domain/testing/play-session.js';
import { followed, following, id, settle } from './testing/following.js';

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
    const counts = { iterations: 12, valueCalls: 3, gradientCalls: 24, callEquivalents: 25.5 };
    expect(items.at(-1)).toEqual({ kind: 'end', finish: counts });
    const events = items.flatMap((item) => (item.kind === 'event' ? [item] : []));
    const iterations = events.filter(({ event }) => event.kind === 'iteration');
    expect(iterations.every(({ advices }) => advices !== undefined)).toBe(true);
    expect(Object.keys(iterations[0]?.advices ?? {})).toEqual([]);
    answer(open?.key ?? 0);
    answer(open?.key ?? 0);
    await settle();
    expect(stored).toEqual([
      {
        experiment: id,
        session: 's1',
        arm: 'ghost',
        served: 'new',
        metrics: { iterations: 9 },
        roles: [],
        atMs: 7,
      },
    ]);
    expect(count('stored')).toBe(1);
  });

  it('that is cancelled or lost has no outcome, and its reason is written down', async () => {
    const { follow, count, workers, flush, stored } = await following();
    const [first, second] = [followed(follow()), followed(follow())];
    first.event({ ...finishEvent, stopReason: 'cancelled' });
    playEvents(second, 1);
    second.close('lost');
    second.close('lost');
    flush();
    expect(count('unfinished')).toBe(2);
    expect(workers.of('drop')).toHaveLength(2);
    await settle();
    const lost = { arm: 'ghost', metrics: {}, roles: [], lost: 'unfinished' };
    expect(stored).toMatchObject([lost, lost]);
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
    expect(workers.of('item').at(-1)?.item).toMatchObject({ kind: 'end' });
  });

  it('whose stream broke lacks iterations, so that its counts are not given', async () => {
    const { follow, flush, workers } = await following();
    const session = followed(follow());
    playEvents(session, 2);
    session.broken();
    session.resumed();
    session.event(finishEvent);
    flush();
    expect(workers.of('item').at(-1)?.item).toEqual({ kind: 'end', finish: undefined });
  });

  it('goes first, the youngest before others, while the worker falls behind or the host is busy', async () => {
    const { follow, count, flush, workers, state } = await following({ items: 20, bytes: 2 ** 20 });
    const [first, second] = [followed(follow()), followed(follow())];
    playEvents(first, 2);
    playEvents(second, 2);
    flush();
    expect(count('queue-full')).toBe(1);
    workers.catchUp();
    state.overload = 'busy';
    expect(follow()).toBeUndefined();
    first.event(finishEvent);
    flush();
    expect(count('busy')).toBe(2);
  });

  it('is not followed for a minute after one had to go for want of a processor', async () => {
    const { follow, count, flush, clock, state, workers } = await following();
    const [first, second] = [followed(follow()), followed(follow())];
    playEvents(first, 1);
    playEvents(second, 1);
    state.overload = 'no-processor';
    flush();
    expect(count('no-processor')).toBe(1);
    state.overload = undefined;
    flush();
    workers.catchUp();
    expect(count('no-processor')).toBe(1);
    clock.advance(59_000);
    expect(follow()).toBeUndefined();
    expect(count('no-processor')).toBe(2);
    clock.advance(1000);
    followed(follow());
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

describe('the kill switch', () => {
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
