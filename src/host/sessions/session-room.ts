import { HostError } from '../../domain/errors/host-error.js';
import type { ServerConfig } from '../../domain/host-config.js';
import type { PlanSession } from './plan-session.js';

type Limits = Pick<ServerConfig, 'maxSessions' | 'maxSessionsPerClient'>;

/**
 * Makes sure that one more session fits, of all and of this address. Who has gone keeps no place from who is there: where room is short,
 * the session that has waited longest for a resume is ended. @throws HostError `too-many-sessions`
 */
export function makeRoom(
  sessions: ReadonlyMap<string, PlanSession>,
  peer: string,
  { maxSessions, maxSessionsPerClient }: Limits,
  end: (session: PlanSession) => void,
): void {
  const ofPeer = () => [...sessions.values()].filter((other) => other.options.peer === peer);
  const all = () => [...sessions.values()];
  check(ofPeer, maxSessionsPerClient, 'server.max_sessions_per_client', end);
  check(all, maxSessions, 'server.max_sessions', end);
}

function check(
  open: () => readonly PlanSession[],
  limit: number,
  key: string,
  end: (session: PlanSession) => void,
): void {
  const waiting = open()
    .filter(({ brokenMs }) => brokenMs !== undefined)
    .sort((a, b) => (a.brokenMs ?? 0) - (b.brokenMs ?? 0));
  while (open().length >= limit) {
    const longest = waiting.shift();
    if (longest === undefined) {
      throw new HostError('too-many-sessions', { actual: open().length, limit, key });
    }
    end(longest);
  }
}
