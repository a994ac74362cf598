/** The three addresses of a host. */
export const LISTENERS = ['server', 'operator', 'http'] as const;
export type Listener = (typeof LISTENERS)[number];

/** Files of a listener's TLS, absolute. */
export interface TlsConfig {
  readonly certificate: string;
  readonly key: string;
  /** Whose signature every client's certificate must have; undefined: clients need none. */
  readonly clientCa: string | undefined;
}

/** What may be heard and read on the way to a listener. */
export interface ListenerSecurity {
  /** Undefined: plain text. */
  readonly tls: TlsConfig | undefined;
  /** Somebody has said that plain text is meant, on whatever address. */
  readonly isInsecureMeant: boolean;
}

/** Certificates as read and found valid, PEM. */
export interface TlsMaterial {
  /** The listener's own first, then those that signed it. */
  readonly certificate: string;
  readonly key: string;
  readonly clientCa: string | undefined;
  /** When the listener's own certificate ends; milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** What a listener shows now. */
export interface ListenerCertificates {
  current(): TlsMaterial;
  /** Called with each later one; the result ends that. */
  onChange(listener: (material: TlsMaterial) => void): () => void;
}

/** `off`: plain text. `stale`: files that changed are faulty, and what was read before is shown. `expired`: of what is shown. */
export type CertificateState = 'off' | 'ok' | 'stale' | 'expired';

export interface CertificateHealth {
  readonly state: CertificateState;
  /** Milliseconds since 1970; null without TLS. */
  readonly expiresAtMs: number | null;
  /** What is wrong with the files as they are now; null when nothing is. */
  readonly problem: string | null;
}

/** Of all listeners. */
export interface HostCertificates {
  /** Undefined: the listener speaks plain text. */
  of(listener: Listener): ListenerCertificates | undefined;
  health(): Readonly<Record<Listener, CertificateHealth>>;
}
