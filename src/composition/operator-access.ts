import { createHash, timingSafeEqual } from 'node:crypto';
import { HostError } from '../domain/errors/host-error.js';
import type { NamedToken } from '../domain/host-config.js';
import { isLoopback } from '../domain/loopback.js';
import type { OperatorGuard } from '../domain/operations/operations.js';
import { readToken } from '../system/token-file.js';

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

/** What operators may show. */
export interface OperatorSecrets {
  /** Of the environment; empty: none. */
  readonly token: string;
  /** Those with a name; read each time, so that a new token counts at once and a removed one no more. */
  readonly named: readonly NamedToken[];
  /** Told of a file that holds no token now. */
  readonly onFaulty?: ((name: string, problem: string) => void) | undefined;
}

/**
 * Lets changes through that show the token, on one listener. Without a token only where nobody else can call: what another listener can be
 * reached from does not matter, so that on the machine itself the kill switch always works.
 */
export class OperatorAccess implements OperatorGuard {
  readonly #expected: Buffer | undefined;
  readonly #secrets: OperatorSecrets;
  readonly #listener: ListenerAddress;

  constructor(secrets: OperatorSecrets, listener: ListenerAddress) {
    const { token } = secrets;
    this.#secrets = secrets;
    // Digests are equally long, so that the comparison tells nothing of the token, its length included.
    this.#expected = token === '' ? undefined : digest(token);
    this.#listener = listener;
  }

  prove(token: string | undefined): void {
    if (!this.needsToken) {
      throw new HostError('operator-token-none', { variable: OPERATOR_TOKEN_VARIABLE });
    }
    this.check(token);
  }

  get needsToken(): boolean {
    return this.#expected !== undefined || this.#secrets.named.length > 0;
  }

  check(token: string | undefined): string | undefined {
    const variable = OPERATOR_TOKEN_VARIABLE;
    if (this.needsToken) {
      const shown = digest(token ?? '');
      if (this.#expected !== undefined && timingSafeEqual(shown, this.#expected)) return undefined;
      const name = this.#nameOf(shown);
      if (name !== undefined) return name;
      const problem = token ? "This token is not the host's." : 'No token was given.';
      throw new HostError('operator-token', { problem, variable });
    }
    if (isLoopback(this.#listener.address)) return undefined;
    throw new HostError('operator-token-unset', { ...this.#listener, variable });
  }

  /** Every file is compared, whichever it is: the time tells nothing. */
  #nameOf(shown: Buffer): string | undefined {
    let found: string | undefined;
    for (const { name, file } of this.#secrets.named) {
      const read = readToken(file);
      if ('problem' in read) this.#secrets.onFaulty?.(name, read.problem);
      else if (timingSafeEqual(shown, digest(read.token))) found ??= name;
    }
    return found;
  }

  get refusal(): string | undefined {
    if (this.needsToken || isLoopback(this.#listener.address)) return undefined;
    const variable = OPERATOR_TOKEN_VARIABLE;
    return new HostError('operator-token-unset', { ...this.#listener, variable }).message;
  }
}
