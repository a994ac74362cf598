import { expect, it } from 'vitest';
import { withinTime } from './within-time.js';

/** A clock whose one timer is let off by hand. */
function handClock() {
  let ring: (() => void) | undefined;
  return {
    schedule: (_: number, callback: () => void) => {
      ring = callback;
      return () => {
        ring = undefined;
      };
    },
    ring: () => ring?.(),
    isSet: () => ring !== undefined,
  };
}

it('hands on what the work comes to, a throw included, and leaves no timer behind', async () => {
  const clock = handClock();
  await expect(withinTime(Promise.resolve(7), 50, clock)).resolves.toBe(7);
  expect(clock.isSet()).toBe(false);
  const broken = Promise.reject(new Error('broken'));
  await expect(withinTime(broken, 50, clock)).rejects.toThrow('broken');
  expect(clock.isSet()).toBe(false);
});

it('names who did not answer, or throws the error that it was given', async () => {
  const clock = handClock();
  const never = new Promise<never>(() => undefined);
  const unnamed = withinTime(never, 49.6, clock);
  clock.ring();
  await expect(unnamed).rejects.toThrow('the store did not answer in 50 ms');
  const named = withinTime(never, 50, clock, 'the worker');
  clock.ring();
  await expect(named).rejects.toThrow('the worker did not answer in 50 ms');
  const late = new RangeError('too late');
  const own = withinTime(never, 50, clock, () => late);
  clock.ring();
  await expect(own).rejects.toBe(late);
});

it('work that throws after its time is up is nobody else’s rejection', async () => {
  const clock = handClock();
  let fail = (_: Error) => undefined as unknown;
  const work = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const asked = withinTime(work, 50, clock);
  clock.ring();
  await expect(asked).rejects.toThrow('did not answer');
  // Were it unhandled, the run would fail.
  fail(new Error('much later'));
  await Promise.resolve();
});
