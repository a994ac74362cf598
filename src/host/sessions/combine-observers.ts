import type { SessionObserver } from '../../domain/session/session-observer.js';

/**
 * One observer that stands for several, each told in turn. One that throws, against its contract, is told no more: a plan
 * must not pay for being watched. Undefined for none.
 */
export function combineObservers(
  candidates: readonly (SessionObserver | undefined)[],
  onDefect: (thrown: unknown) => void,
): SessionObserver | undefined {
  let observers = candidates.filter((observer) => observer !== undefined);
  if (observers.length === 0) return undefined;
  const tell = (what: (observer: SessionObserver) => void) => {
    // A copy is made only when one is dropped: this runs at every iteration.
    for (const observer of observers) {
      try {
        what(observer);
      } catch (thrown) {
        observers = observers.filter((other) => other !== observer);
        onDefect(thrown);
      }
    }
  };
  return {
    event: (event) => tell((observer) => observer.event(event)),
    answered: (reply) => tell((observer) => observer.answered(reply)),
    receipt: (receipt) => tell((observer) => observer.receipt(receipt)),
    notice: (notice) => tell((observer) => observer.notice?.(notice)),
    broken: () => tell((observer) => observer.broken()),
    resumed: () => tell((observer) => observer.resumed()),
    close: (reason) => tell((observer) => observer.close(reason)),
  };
}
