type TimerFunctions = Pick<typeof globalThis, 'setTimeout' | 'setInterval'>;

/** Runs `work` and returns how many timers it started and left behind. */
export async function timersLeftBy(work: () => Promise<void>): Promise<number> {
  const original: TimerFunctions = {
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
  };
  const started: NodeJS.Timeout[] = [];
  const watch = <F extends (...args: never[]) => NodeJS.Timeout>(start: F) =>
    ((...args: Parameters<F>) => {
      const timer = start(...args);
      started.push(timer);
      return timer;
    }) as unknown as F;
  Object.assign(globalThis, {
    setTimeout: watch(original.setTimeout as never),
    setInterval: watch(original.setInterval as never),
  });
  try {
    await work();
  } finally {
    Object.assign(globalThis, original);
  }
  // A timer that fired or was cleared reports itself destroyed.
  const left = started.filter((timer) => !(timer as unknown as { _destroyed: boolean })._destroyed);
  for (const timer of left) clearTimeout(timer);
  return left.length;
}
