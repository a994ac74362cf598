import type { SessionFollower } from '../domain/ports.js';

/** One follower that stands for several, each told in turn. Undefined for none. */
export function followTogether(
  candidates: readonly (SessionFollower | undefined)[],
): SessionFollower | undefined {
  const followers = candidates.filter((follower) => follower !== undefined);
  if (followers.length < 2) return followers[0];
  const tell = (what: (follower: SessionFollower) => void) => {
    for (const follower of followers) what(follower);
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
