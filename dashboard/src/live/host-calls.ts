import type { ConfigChange } from '../../../src/domain/operations/operations.js';
import type { Fault } from '../../../src/http/api.js';

/** An answer that is not the one asked for, in the host's own words. */
export class HostFault extends Error {
  readonly code: string;

  constructor({ code, message }: Fault) {
    super(message);
    this.code = code;
  }
}

/** Kept until the page is closed or loaded again, and nowhere else. */
let operatorToken = '';

export function setToken(token: string): void {
  operatorToken = token;
}

export function hasToken(): boolean {
  return operatorToken !== '';
}

async function answerOf<T>(response: Promise<Response>): Promise<T> {
  let answer: Response;
  try {
    answer = await response;
  } catch {
    throw new HostFault({ code: 'host-unreachable', message: 'The host does not answer.' });
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return body as T;
  const unknown = { code: String(answer.status), message: 'The host answered without a reason.' };
  const fault = new HostFault({ ...unknown, ...(body as Partial<Fault> | undefined) });
  // So that the page asks for it again.
  if (answer.status === 401) operatorToken = '';
  throw fault;
}

export function read<T>(path: string): Promise<T> {
  return answerOf<T>(fetch(path, { headers: { accept: 'application/json' } }));
}

export function post<T>(path: string, body: unknown): Promise<T> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (operatorToken !== '') headers['authorization'] = `Bearer ${operatorToken}`;
  return answerOf<T>(fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }));
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
