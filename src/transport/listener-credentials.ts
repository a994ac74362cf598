import { experimental, ServerCredentials } from '@grpc/grpc-js';
import type { ListenerCertificates, TlsMaterial } from '../domain/operations/certificates.js';

type Provider = experimental.CertificateProvider;
type Told<U> = (update: U | null) => void;

/** Certificates as grpc-js asks for them: what is current, and again with each change. */
class Certificates implements Provider {
  readonly #source: ListenerCertificates;
  readonly #ends = new Map<object, () => void>();

  constructor(source: ListenerCertificates) {
    this.#source = source;
  }

  addIdentityCertificateListener(listener: Told<experimental.IdentityCertificateUpdate>): void {
    this.#follow(listener, ({ certificate, key }) =>
      listener({ certificate: Buffer.from(certificate), privateKey: Buffer.from(key) }),
    );
  }

  removeIdentityCertificateListener(listener: Told<experimental.IdentityCertificateUpdate>): void {
    this.#leave(listener);
  }

  addCaCertificateListener(listener: Told<experimental.CaCertificateUpdate>): void {
    this.#follow(listener, ({ clientCa = '' }) =>
      listener({ caCertificate: Buffer.from(clientCa) }),
    );
  }

  removeCaCertificateListener(listener: Told<experimental.CaCertificateUpdate>): void {
    this.#leave(listener);
  }

  #follow(listener: object, tell: (material: TlsMaterial) => void): void {
    // In a moment, for grpc-js follows an update only once this call has come back; it drops connections until then.
    queueMicrotask(() => tell(this.#source.current()));
    this.#ends.set(listener, this.#source.onChange(tell));
  }

  #leave(listener: object): void {
    this.#ends.get(listener)?.();
    this.#ends.delete(listener);
  }
}

/**
 * What a gRPC server shows and asks for: plain text without certificates; with authorities for clients, a certificate of every client.
 * New connections get what is current, open ones go on (docs/adr/0034).
 */
export function listenerCredentials(source: ListenerCertificates | undefined): ServerCredentials {
  if (source === undefined) return ServerCredentials.createInsecure();
  const provider = new Certificates(source);
  const asksClients = source.current().clientCa !== undefined;
  // Named (ca, identity) where it is declared, and handed on as (identity, ca).
  const authorities = asksClients ? provider : null;
  return experimental.createCertificateProviderServerCredentials(
    provider,
    authorities,
    asksClients,
  );
}
