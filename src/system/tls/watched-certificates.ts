import { createHash } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import { describeThrown } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type {
  CertificateHealth,
  Listener,
  ListenerCertificates,
  TlsConfig,
  TlsMaterial,
} from '../../domain/operations/certificates.js';
import { readBounded } from '../bounded-file.js';
import { PEM_FILE, readTls } from './read-certificates.js';

export interface WatchDependencies {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly log: Log;
}

/** Renewals come days before an end, so nobody waits for this. */
export const POLL_MS = 2000;
/** Certificate and key are two files: what is the same after this time is taken for whole. */
export const SETTLE_MS = 200;
const SOON_MS = 14 * 86_400_000;

/** Changes when any of the files does. */
async function digestOf({ certificate, key, clientCa }: TlsConfig): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [certificate, key, ...(clientCa === undefined ? [] : [clientCa])]) {
    // What is wrong with a file is said by who reads it in earnest.
    hash.update(
      await readBounded(file, PEM_FILE).catch((thrown: unknown) => describeThrown(thrown)),
    );
    hash.update('\0');
  }
  return hash.digest('hex');
}

/**
 * The certificates of one listener, read again when their files change: renewed in place, renamed over, or swapped as symbolic links.
 * Files that are faulty change nothing; what was read last is shown on. Polled, because a mount tells nobody of its changes.
 */
export class WatchedCertificates implements ListenerCertificates {
  readonly #listener: Listener;
  readonly #config: TlsConfig;
  readonly #dependencies: WatchDependencies;
  readonly #listeners = new Set<(material: TlsMaterial) => void>();
  #material: TlsMaterial;
  #problem: string | undefined;
  #seen: string;
  #taken: string;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  private constructor(
    listener: Listener,
    config: TlsConfig,
    dependencies: WatchDependencies,
    material: TlsMaterial,
    digest: string,
  ) {
    this.#listener = listener;
    this.#config = config;
    this.#dependencies = dependencies;
    this.#material = material;
    this.#seen = digest;
    this.#taken = digest;
    this.#tellOfEnd();
    this.#readIn(POLL_MS);
  }

  /** @throws TlsFault */
  static async open(
    listener: Listener,
    config: TlsConfig,
    dependencies: WatchDependencies,
  ): Promise<WatchedCertificates> {
    // In this order, so that a change in between is seen.
    const digest = await digestOf(config);
    const material = await readTls(config, dependencies.wallMs());
    return new WatchedCertificates(listener, config, dependencies, material, digest);
  }

  current(): TlsMaterial {
    return this.#material;
  }

  onChange(listener: (material: TlsMaterial) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): CertificateHealth {
    const { expiresAtMs } = this.#material;
    const isExpired = this.#dependencies.wallMs() > expiresAtMs;
    const problem = this.#problem ?? null;
    const state = isExpired ? 'expired' : problem === null ? 'ok' : 'stale';
    return { state, expiresAtMs, problem };
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #readIn(delayMs: number): void {
    if (this.#isClosed) return;
    this.#cancel = this.#dependencies.clock.schedule(delayMs, () => void this.#read());
  }

  async #read(): Promise<void> {
    const digest = await digestOf(this.#config);
    if (this.#isClosed) return;
    const isSettled = digest === this.#seen;
    this.#seen = digest;
    if (isSettled && digest !== this.#taken) await this.#take(digest);
    this.#readIn(isSettled ? POLL_MS : SETTLE_MS);
  }

  async #take(digest: string): Promise<void> {
    const { wallMs, log } = this.#dependencies;
    this.#taken = digest;
    try {
      const material = await readTls(this.#config, wallMs());
      if (this.#isClosed) return;
      this.#material = material;
      this.#problem = undefined;
      for (const tell of this.#listeners) tell(material);
      log.info('certificates replaced', { listener: this.#listener, ...this.#endOf(material) });
      this.#tellOfEnd();
    } catch (thrown) {
      this.#problem = describeThrown(thrown);
      log.error('certificates not replaced: new connections get the earlier ones', {
        listener: this.#listener,
        problem: this.#problem,
      });
    }
  }

  #tellOfEnd(): void {
    const { wallMs, log } = this.#dependencies;
    if (this.#material.expiresAtMs - wallMs() > SOON_MS) return;
    const fields = { listener: this.#listener, ...this.#endOf(this.#material) };
    log.warn('a certificate ends soon: replace its files', fields);
  }

  #endOf({ expiresAtMs }: TlsMaterial) {
    return { expires: new Date(expiresAtMs).toISOString() };
  }
}
