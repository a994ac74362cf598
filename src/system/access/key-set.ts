import { statSync } from 'node:fs';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { describeThrown } from '../../domain/errors/host-error.js';
import { readBoundedSync } from '../bounded-file.js';

const BOUND = { kind: 'JWKS', maxBytes: 2 ** 20 };
/** Keys that prove without being able to sign. */
const PUBLIC_KINDS = ['RSA', 'EC', 'OKP'];

export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** A file of keys that cannot be used. */
export class KeySetFault extends Error {
  override readonly name = 'KeySetFault';

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file} ${problem}`, options);
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readBoundedSync(file, BOUND).toString('utf8'));
  } catch (thrown) {
    throw new KeySetFault(file, `cannot be read: ${describeThrown(thrown)}`, { cause: thrown });
  }
}

/** @throws KeySetFault */
export function readKeySet(file: string): KeySet {
  const { keys } = (parsed(file) ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new KeySetFault(file, 'holds no keys: it must be {"keys": [...]}');
  }
  for (const [index, key] of keys.entries()) {
    const place = `has key ${index + 1}`;
    if (!PUBLIC_KINDS.includes(key?.kty)) {
      throw new KeySetFault(
        file,
        `${place}, which is not of RSA, EC or OKP: a shared secret would let its holders sign`,
      );
    }
    if ('d' in key) {
      throw new KeySetFault(
        file,
        `${place}, which is a private one: leave \`d\` out, and make new keys`,
      );
    }
  }
  try {
    return createLocalJWKSet({ keys } as JSONWebKeySet);
  } catch (thrown) {
    throw new KeySetFault(file, `is no JWKS: ${describeThrown(thrown)}`, { cause: thrown });
  }
}

/** A file of keys as it is now; one that has become faulty leaves the keys as they were. */
export class WatchedKeySet {
  readonly #file: string;
  readonly #onFaulty: (problem: string) => void;
  #seen = '';
  #keys: KeySet | undefined;

  constructor(file: string, onFaulty: (problem: string) => void) {
    this.#file = file;
    this.#onFaulty = onFaulty;
  }

  /** @throws KeySetFault when it was never usable. */
  current(): KeySet {
    const seen = this.#stamp();
    if (this.#keys !== undefined && seen === this.#seen) return this.#keys;
    try {
      this.#keys = readKeySet(this.#file);
    } catch (thrown) {
      if (this.#keys === undefined) throw thrown;
      this.#onFaulty(describeThrown(thrown));
    }
    this.#seen = seen;
    return this.#keys;
  }

  /** Differs when the file does. */
  #stamp(): string {
    const stats = statSync(this.#file, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
  }
}
