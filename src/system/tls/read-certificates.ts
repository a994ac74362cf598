import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { describeThrown } from '../../domain/errors/host-error.js';
import type { TlsConfig, TlsMaterial } from '../../domain/operations/certificates.js';
import { readBounded } from '../bounded-file.js';

/** The keys of a `tls` section that name a file. */
export type TlsFile = 'certificate' | 'key' | 'client_ca';

/** One file of a `tls` section that cannot be used. */
export class TlsFault extends Error {
  override readonly name = 'TlsFault';
  readonly part: TlsFile;
  readonly file: string;

  constructor(part: TlsFile, file: string, problem: string, options?: ErrorOptions) {
    super(`${file} ${problem}`, options);
    this.part = part;
    this.file = file;
  }
}

/** Chains and bundles of authorities are some kilobytes. */
export const PEM_FILE = { kind: 'PEM file', maxBytes: 2 ** 20 };
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by the user that runs the host',
  EISDIR: 'is a folder',
};

async function readText(part: TlsFile, file: string): Promise<string> {
  try {
    return (await readBounded(file, PEM_FILE)).toString('utf8');
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException;
    const problem = PROBLEMS[code] ?? describeThrown(thrown);
    throw new TlsFault(part, file, problem, { cause: thrown });
  }
}

function readCertificates(part: TlsFile, file: string, text: string): readonly X509Certificate[] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) {
    throw new TlsFault(
      part,
      file,
      'holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)',
    );
  }
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (thrown) {
      const problem = `has a certificate that cannot be read, number ${index + 1}`;
      throw new TlsFault(part, file, problem, { cause: thrown });
    }
  });
}

function readKey(file: string, text: string): KeyObject {
  if (/ENCRYPTED/.test(text)) {
    const problem =
      'is encrypted, and the host knows no passphrase: write it without one (openssl pkey -in OLD -out NEW) and let nobody else read it';
    throw new TlsFault('key', file, problem);
  }
  try {
    return createPrivateKey(text);
  } catch (thrown) {
    const problem = 'holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)';
    throw new TlsFault('key', file, problem, { cause: thrown });
  }
}

function dayOf(text: string): string {
  return new Date(text).toISOString().replace(/\.000Z$/, 'Z');
}

/** Why a certificate is not valid at that time, if it is not. */
function validityProblem(certificate: X509Certificate, nowMs: number): string | undefined {
  const { validFrom, validTo } = certificate;
  if (nowMs > Date.parse(validTo)) return `expired at ${dayOf(validTo)}`;
  if (nowMs < Date.parse(validFrom)) return `is valid only from ${dayOf(validFrom)} on`;
  return undefined;
}

function checkAuthorities(file: string, text: string, nowMs: number): void {
  const authorities = readCertificates('client_ca', file, text);
  const other = authorities.find((authority) => !authority.ca);
  if (other !== undefined) {
    const problem = `holds a certificate that is no authority's (${subjectOf(other)}): name the one that signed it`;
    throw new TlsFault('client_ca', file, problem);
  }
  const problems = authorities.map((authority) => validityProblem(authority, nowMs));
  // Bundles keep an old authority beside its successor.
  if (problems.every((problem) => problem !== undefined)) {
    throw new TlsFault('client_ca', file, `cannot be used: it ${problems[0]}`);
  }
}

function subjectOf({ subject }: X509Certificate): string {
  return (subject ?? '').replaceAll('\n', ', ') || 'no name';
}

/**
 * Reads and checks what a listener shows: files that can be read, a certificate that is valid now, the key that belongs to it, and
 * authorities for clients.
 * @param nowMs Milliseconds since 1970.
 * @throws TlsFault naming the file.
 */
export async function readTls(config: TlsConfig, nowMs: number): Promise<TlsMaterial> {
  const certificate = await readText('certificate', config.certificate);
  const [leaf] = readCertificates('certificate', config.certificate, certificate);
  const problem = leaf && validityProblem(leaf, nowMs);
  if (leaf === undefined || problem !== undefined) {
    throw new TlsFault('certificate', config.certificate, `${problem}: replace it`);
  }
  const key = await readText('key', config.key);
  if (!leaf.checkPrivateKey(readKey(config.key, key))) {
    const which = `${config.certificate} (${subjectOf(leaf)})`;
    throw new TlsFault('key', config.key, `is not the key of the certificate in ${which}`);
  }
  const clientCa = config.clientCa && (await readText('client_ca', config.clientCa));
  if (clientCa !== undefined) checkAuthorities(config.clientCa ?? '', clientCa, nowMs);
  try {
    // What OpenSSL refuses, such as keys that are too short.
    createSecureContext({ cert: certificate, key, ca: clientCa });
  } catch (thrown) {
    const problem = `cannot be used: ${describeThrown(thrown)}`;
    throw new TlsFault('certificate', config.certificate, problem, { cause: thrown });
  }
  return { certificate, key, clientCa, expiresAtMs: Date.parse(leaf.validTo) };
}
