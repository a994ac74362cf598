import { HostError } from '../../domain/errors/host-error.js';
import {
  type CertificateHealth,
  type HostCertificates,
  LISTENERS,
  type Listener,
  type ListenerCertificates,
  type ListenerSecurity,
} from '../../domain/operations/certificates.js';
import { TlsFault } from './read-certificates.js';
import { type WatchDependencies, WatchedCertificates } from './watched-certificates.js';

const PLAIN: CertificateHealth = { state: 'off', expiresAtMs: null, problem: null };

/** The certificates of every listener that has TLS; none before `open`. */
export class AllCertificates implements HostCertificates {
  readonly #dependencies: WatchDependencies;
  readonly #watched = new Map<Listener, WatchedCertificates>();

  constructor(dependencies: WatchDependencies) {
    this.#dependencies = dependencies;
  }

  /** @throws HostError `certificate-unusable` */
  async open(security: Readonly<Record<Listener, ListenerSecurity>>): Promise<void> {
    for (const listener of LISTENERS) {
      const { tls } = security[listener];
      if (tls === undefined) continue;
      try {
        const watched = await WatchedCertificates.open(listener, tls, this.#dependencies);
        this.#watched.set(listener, watched);
      } catch (thrown) {
        this.close();
        if (!(thrown instanceof TlsFault)) throw thrown;
        const key = `${listener}.tls.${thrown.part}`;
        const params = { key, problem: thrown.message };
        throw new HostError('certificate-unusable', params, { cause: thrown });
      }
    }
  }

  of(listener: Listener): ListenerCertificates | undefined {
    return this.#watched.get(listener);
  }

  health(): Readonly<Record<Listener, CertificateHealth>> {
    const stateOf = (listener: Listener) => this.#watched.get(listener)?.health() ?? PLAIN;
    return { server: stateOf('server'), operator: stateOf('operator'), http: stateOf('http') };
  }

  close(): void {
    for (const watched of this.#watched.values()) watched.close();
    this.#watched.clear();
  }
}
