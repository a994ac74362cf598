import type { Clock } from './clock.js';

/** @throws what the work throws, or an Error when it takes longer. It goes on then, with nobody waiting. */
export async function withinTime<T>(
  work: Promise<T>,
  limitMs: number,
  clock: Clock,
  who = 'the store',
): Promise<T> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.schedule(limitMs, () => {
      reject(new Error(`${who} did not answer in ${Math.round(limitMs)} ms`));
    });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
