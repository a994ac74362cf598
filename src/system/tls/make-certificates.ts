import 'reflect-metadata'; // Its library finds its parts by it.
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its key, PEM. */
export interface CertificatePair {
  readonly certificate: string;
  readonly key: string;
}

export interface Validity {
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LeafOptions extends Validity {
  /** Common name: of a client, what it is. */
  readonly name: string;
  /** Names and addresses by which a server is called; empty for a client. */
  readonly hosts: readonly string[];
}

/** Every client of the last ten years knows it, and keys are made in no time. */
const CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const KEY_USES = ['sign', 'verify'] as const;

type Keys = webcrypto.CryptoKeyPair;

function makeKeys(): Promise<Keys> {
  return webcrypto.subtle.generateKey(CURVE, true, KEY_USES);
}

async function pemOf({ privateKey }: Keys): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

/** Positive, as the format wants it. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}

function datesOf({ fromMs, toMs }: Validity) {
  return { notBefore: new Date(fromMs), notAfter: new Date(toMs) };
}

/** An authority that signs certificates of servers and clients, for a try and for tests. */
export class Authority {
  readonly #keys: Keys;
  readonly #certificate: X509Certificate;

  private constructor(keys: Keys, certificate: X509Certificate) {
    this.#keys = keys;
    this.#certificate = certificate;
  }

  static async make(name: string, validity: Validity): Promise<Authority> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: [{ CN: [name] }],
      ...datesOf(validity),
      signingAlgorithm: CURVE,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new Authority(keys, certificate);
  }

  get certificate(): string {
    return `${this.#certificate.toString('pem')}\n`;
  }

  /** A server's when it has hosts, else a client's. */
  async sign({ name, hosts, ...validity }: LeafOptions): Promise<CertificatePair> {
    const keys = await makeKeys();
    const isServer = hosts.length > 0;
    const use = isServer ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
    const names = hosts.map((host) => ({
      type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const),
      value: host,
    }));
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: [{ CN: [name] }],
      issuer: this.#certificate.subjectName,
      ...datesOf(validity),
      signingAlgorithm: CURVE,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([use]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
        ...(isServer ? [new SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { certificate: `${certificate.toString('pem')}\n`, key: await pemOf(keys) };
  }
}
