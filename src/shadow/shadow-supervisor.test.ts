import { describe, expect, it } from 'vitest';
import { playEvents, playSession } from '../domain/testing/play-session.js';
import { testConfig } from '../domain/testing/test-config.js';
import { config, followed, following, id, settle } from './testing/following.js';

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

  it('that cannot be started refuses its arms, and is tried again', async () => {
    const { shadows, workers, clock, follow } = await following();
    workers.failure = new Error('spawn EAGAIN');
    workers.events.onExit('out of memory');
    const { faults, commit } = await shadows.prepare(config);
    expect(faults[0]?.error.message).toMatch(/EAGAIN/);
    commit();
    clock.advance(10_000);
    await settle();
    expect(follow()).toBeUndefined();
    workers.failure = undefined;
    clock.advance(10_000);
    await settle();
    followed(follow());
  });

  it('that cannot be started for a configuration that is not taken leaves nothing behind', async () => {
    const { shadows, workers } = await following();
    workers.failure = new Error('spawn EAGAIN');
    workers.events.onExit('out of memory');
    const { discard } = await shadows.prepare(config);
    expect(() => discard()).not.toThrow();
    await settle();
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
