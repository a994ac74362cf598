import { expect, it } from 'vitest';
import type { AdviceStop } from '../domain/operations/operations.js';
import { CountingMetrics, FakeLog } from '../domain/testing/fakes.js';
import { KillSwitch } from './kill-switch.js';

const origin = { who: 'tester', why: 'a test', via: 'command' } as const;

function switched(kept?: AdviceStop) {
  const saved: (AdviceStop | undefined)[] = [];
  const store = {
    load: () => kept,
    save: async (stopped: AdviceStop | undefined) => {
      await new Promise(setImmediate);
      saved.push(stopped);
    },
  };
  const metrics = new CountingMetrics();
  const made = new KillSwitch({ log: new FakeLog(), metrics, store, wallMs: () => 5 });
  return { made, saved, metrics };
}

it('acts before it is written down, and for good on who watched', async () => {
  const { made, saved } = switched();
  const before = made.watch();
  expect(before()).toBe(false);
  const stopping = made.stop(origin);
  expect([before(), made.stopped?.sinceMs, saved.length]).toEqual([true, 5, 0]);
  await stopping;
  const during = made.watch();
  await made.resume(origin);
  expect([before(), during(), made.watch()()]).toEqual([true, true, false]);
  expect(saved).toEqual([{ ...origin, sinceMs: 5 }, undefined]);
});

it('keeps who stopped first, and tells whoever listens and the metrics', async () => {
  const { made, metrics } = switched();
  let told = 0;
  made.onChange(() => {
    told += 1;
  });
  await made.stop(origin);
  await made.stop({ ...origin, who: 'another' });
  expect(made.stopped?.who).toBe('tester');
  expect(told).toBe(2);
  expect(metrics.counts.get('stopped true')).toBe(2);
});

it('is written down although a listener throws, and tells the other ones', async () => {
  const { made, saved } = switched();
  let told = 0;
  made.onChange(() => {
    throw new Error('a defect');
  });
  made.onChange(() => {
    told += 1;
  });
  await made.stop(origin);
  expect([saved.length, told]).toEqual([1, 1]);
});

it('is as it was left', () => {
  const { made } = switched({ ...origin, sinceMs: 1 });
  expect(made.watch()()).toBe(true);
});

it('wants to know who and why', async () => {
  const { made } = switched();
  await expect(made.stop({ ...origin, who: '' })).rejects.toMatchObject({ code: 'invalid-field' });
  await expect(made.resume({ ...origin, why: ' ' })).rejects.toThrow('`why` is empty');
  expect(made.stopped).toBeUndefined();
});

it('is explained afterwards, as old as it was, and not when nothing is stopped', async () => {
  const { made, saved } = switched();
  const afterwards = { ...origin, who: 'night shift', why: 'plans look odd' };
  await expect(made.explain(afterwards)).rejects.toMatchObject({ code: 'advice-not-stopped' });
  await made.stop(origin);
  await made.explain(afterwards);
  expect(made.stopped).toEqual({ ...afterwards, sinceMs: 5 });
  expect(saved.at(-1)).toEqual({ ...afterwards, sinceMs: 5 });
  await expect(made.explain({ ...origin, why: ' ' })).rejects.toMatchObject({
    code: 'invalid-field',
  });
});
