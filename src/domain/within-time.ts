import type { Clock } from './clock.js';

/**
 * The only time limit on a promise.
 * @param late What is thrown then, or who did not answer.
 * @throws what the work throws, or `late` when it takes longer. It goes on then, with nobody waiting.
 */
export async function withinTime<T>(
  work: Promise<T>,
  limitMs: number,
  clock: Pick<Clock, 'schedule'>,
  late: string | (() => Error) = 'the store',
): Promise<T> {
  let cancel = () => {};
  const timeUp = new Promise<never>((_, reject) => {
    cancel = clock.schedule(limitMs, () => {
      reject(
        typeof late === 'string'
          ? new Error(`${late} did not answer in ${Math.round(limitMs)} ms`)
          : late(),
      );
    });
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    cancel();
  }
}
