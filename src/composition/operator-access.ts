import { createHash, timingSafeEqual } from 'node:crypto';
import type { HostConfig } from '../domain/host-config.js';
import { HostError } from '../domain/host-error.js';
import type { OperatorGuard } from '../domain/operations.js';

/** The operators' secret: of the host that checks it and of the commands that show it. */
export const OPERATOR_TOKEN_VARIABLE = 'DH_ADVISOR_OPERATOR_TOKEN';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether an address can be reached from this machine only. */
export function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Lets changes through that show the token. Without a token only where nobody else can call. */
export class OperatorAccess implements OperatorGuard {
  readonly #expected: Buffer | undefined;
  /** Where the host listens, whatever later configurations say: a new address needs a restart. */
  readonly #addresses: Readonly<Record<string, string>>;

  constructor(token: string, { operatorAddress, httpAddress }: HostConfig) {
    // Digests are equally long, so that the comparison tells nothing of the token, its length included.
    this.#expected = token === '' ? undefined : digest(token);
    this.#addresses = { 'operator.address': operatorAddress, 'http.address': httpAddress };
  }

  prove(token: string | undefined): void {
    if (this.#expected === undefined) {
      throw new HostError('operator-token-none', { variable: OPERATOR_TOKEN_VARIABLE });
    }
    this.check(token);
  }

  get needsToken(): boolean {
    return this.#expected !== undefined;
  }

  check(token: string | undefined): void {
    const variable = OPERATOR_TOKEN_VARIABLE;
    if (this.#expected !== undefined) {
      if (timingSafeEqual(digest(token ?? ''), this.#expected)) return;
      throw new HostError('operator-token', { variable });
    }
    for (const [key, address] of Object.entries(this.#addresses)) {
      if (isLoopback(address)) continue;
      throw new HostError('operator-token-unset', { key, address, variable });
    }
  }
}
