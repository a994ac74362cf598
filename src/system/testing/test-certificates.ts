import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsConfig } from '../../domain/operations/certificates.js';
import { Authority, type CertificatePair } from '../tls/make-certificates.js';

const DAY_MS = 86_400_000;

/** A folder of certificates for one test; `remove` it at the end. */
export class CertificateFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'dh-advisor-tls-'));

  remove(): void {
    rmSync(this.path, { recursive: true });
  }

  write(name: string, text: string): string {
    const file = join(this.path, name);
    writeFileSync(file, text);
    return file;
  }

  /** `NAME.crt` and `NAME.key`. */
  writePair(name: string, { certificate, key }: CertificatePair): TlsConfig {
    return {
      certificate: this.write(`${name}.crt`, certificate),
      key: this.write(`${name}.key`, key),
      clientCa: undefined,
    };
  }
}

/** Valid for a year by now, and for so many days more; negative: ended by now. */
export function validForDays(days: number, nowMs = Date.now()) {
  return { fromMs: nowMs - 400 * DAY_MS, toMs: nowMs + days * DAY_MS };
}

export function makeAuthority(name = 'test authority', days = 365): Promise<Authority> {
  return Authority.make(name, validForDays(days));
}

/** Of this machine. */
export function signServer(authority: Authority, days = 365): Promise<CertificatePair> {
  return authority.sign({
    name: 'server',
    hosts: ['localhost', '127.0.0.1'],
    ...validForDays(days),
  });
}

export function signClient(
  authority: Authority,
  name = 'optimizer',
  days = 365,
): Promise<CertificatePair> {
  return authority.sign({ name, hosts: [], ...validForDays(days) });
}
