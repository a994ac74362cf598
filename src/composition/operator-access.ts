import { createHash, timingSafeEqual } from 'node:crypto';
import { HostError } from '../domain/errors/host-error.js';
import { isLoopback } from '../domain/loopback.js';
import type { OperatorGuard } from '../domain/operations/operations.js';

/** The operators' secret: of the host that checks it and of the commands that show it. */
export const OPERATOR_TOKEN_VARIABLE = 'DH_ADVISOR_OPERATOR_TOKEN';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A key of the configuration, and the address it has, whatever later configurations say: a new one needs a restart. */
export interface ListenerAddress {
  readonly key: string;
  readonly address: string;
}

/**
 * Lets changes through that show the token, on one listener. Without a token only where nobody else can call: what another listener can be
 * reached from does not matter, so that on the machine itself the kill switch always works.
 */
export class OperatorAccess implements OperatorGuard {
  readonly #expected: Buffer | undefined;
  readonly #listener: ListenerAddress;

  constructor(token: string, listener: ListenerAddress) {
    // Digests are equally long, so that the comparison tells nothing of the token, its length included.
    this.#expected = token === '' ? undefined : digest(token);
    this.#listener = listener;
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
      const problem = token ? "This token is not the host's." : 'No token was given.';
      throw new HostError('operator-token', { problem, variable });
    }
    if (isLoopback(this.#listener.address)) return;
    throw new HostError('operator-token-unset', { ...this.#listener, variable });
  }

  get refusal(): string | undefined {
    if (this.#expected !== undefined || isLoopback(this.#listener.address)) return undefined;
    const variable = OPERATOR_TOKEN_VARIABLE;
    return new HostError('operator-token-unset', { ...this.#listener, variable }).message;
  }
}
