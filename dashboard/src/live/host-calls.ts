import type { ConfigChange } from '../../../src/domain/operations/operations.js';
import type { Fault } from '../../../src/http/api.js';
import { forget, proven, shown } from './tokens.js';

/** An answer that is not the one asked for, in the host's own words. */
export class HostFault extends Error {
  readonly code: string;

  constructor({ code, message }: Fault) {
    super(message);
    this.code = code;
  }
}

/** Neither a JSON body nor one that says anything. */
const SILENT = 'The host answered without a reason.';

/**
 * Asks the host.
 * @throws HostFault in its words unless it answers what was asked for.
 */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const isChange = init.method === 'POST';
  const headers = { ...init.headers, ...shown(isChange) };
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, headers });
  } catch {
    throw new HostFault({ code: 'host-unreachable', message: 'The host does not answer.' });
  }
  if (answer.ok) {
    if (isChange) proven();
    return answer;
  }
  const body: unknown = await answer.json().catch(() => undefined);
  const unknown = { code: String(answer.status), message: SILENT };
  if (answer.status === 401) forget(isChange);
  throw new HostFault({ ...unknown, ...(body as Partial<Fault> | undefined) });
}

export async function read<T>(path: string): Promise<T> {
  const answer = await ask(path, { headers: { accept: 'application/json' } });
  return (await answer.json()) as T;
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as T;
}

/** Faults after which another token may help. */
export function wantsToken({ code }: HostFault): boolean {
  return ['operator-token', 'access-none', 'access-role'].includes(code);
}

export interface Origin {
  readonly who: string;
  readonly why: string;
}

/** A change as the host takes it; what is left out is undefined and not sent. */
export interface AskedChange extends Origin {
  readonly change: ConfigChange;
  readonly dryRun: boolean;
  readonly expectedGeneration: number;
}
