/** Lets the plans' questions that wait be answered: no step of a change may hold the thread that serves for long. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise(setImmediate);
}
