import { describeThrown, HostError } from './host-error.js';

/** What a system says when it does not let a program listen, for whoever has to put it right. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'address already in use: another program listens there, perhaps another host. End it, or give this key another port (0 takes a free one)',
  EACCES: 'this user may not listen on that port. Give this key a port above 1023',
  EADDRNOTAVAIL:
    'this machine has no such address. Give this key one that it has, such as 127.0.0.1 for itself alone',
  ENOTFOUND: 'the name is not known. Give this key an address, such as 127.0.0.1:50151',
  EAI_AGAIN: 'the name cannot be looked up. Give this key an address, such as 127.0.0.1:50151',
};

/** Names the key of the configuration whose address cannot be listened at. gRPC has the system's code in its message only. */
export function listenError(key: string, address: string, thrown: unknown): HostError {
  const text = describeThrown(thrown);
  const code = Object.keys(REASONS).find((known) => new RegExp(`\\b${known}\\b`).test(text));
  const problem = code === undefined ? text : `${REASONS[code]} (${code})`;
  return new HostError('address-unusable', { key, address, problem }, { cause: thrown });
}
