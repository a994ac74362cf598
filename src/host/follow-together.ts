import type { SessionFollower } from '../domain/session/session-follower.js';

/**
 * One follower that stands for several, each told in turn. One that throws, against its contract, is told no more: a plan
 * must not pay for being watched. Undefined for none.
 */
export function followTogether(
  candidates: readonly (SessionFollower | undefined)[],
  onDefect: (thrown: unknown) => void,
): SessionFollower | undefined {
  let followers = candidates.filter((follower) => follower !== undefined);
  if (followers.length === 0) return undefined;
  const tell = (what: (follower: SessionFollower) => void) => {
    // A copy is made only when one is dropped: this runs at every iteration.
    for (const follower of followers) {
      try {
        what(follower);
      } catch (thrown) {
        followers = followers.filter((other) => other !== follower);
        onDefect(thrown);
      }
    }
  };
  return {
    event: (event) => tell((follower) => follower.event(event)),
    answered: (reply) => tell((follower) => follower.answered(reply)),
    receipt: (receipt) => tell((follower) => follower.receipt(receipt)),
    broken: () => tell((follower) => follower.broken()),
    resumed: () => tell((follower) => follower.resumed()),
    close: (reason) => tell((follower) => follower.close(reason)),
  };
}
