import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import { describeThrown } from '../../domain/errors/host-error.js';

/** PEM. */
export interface ClientTls {
  /** Whose signature the host's certificate must have. */
  readonly ca: string;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

export interface SecureChannel {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

function bytesOf(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text);
}

/**
 * How to reach a host; in plain text without certificates.
 * @throws Error when what is given is no PEM
 */
export function secureChannel(address: string, tls: ClientTls | undefined): SecureChannel {
  if (tls === undefined) return { credentials: credentials.createInsecure(), options: {} };
  const host = address.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  const { ca, certificate, key } = tls;
  try {
    if (isIP(host) === 0) {
      const secrets = credentials.createSsl(bytesOf(ca), bytesOf(key), bytesOf(certificate));
      return { credentials: secrets, options: {} };
    }
    // An IP address is no server name (RFC 6066), yet it is what the certificate must be of.
    const secrets = credentials.createSsl(bytesOf(ca), bytesOf(key), bytesOf(certificate), {
      checkServerIdentity: (_: string, shown: PeerCertificate) => checkServerIdentity(host, shown),
    });
    return { credentials: secrets, options: { 'grpc.ssl_target_name_override': 'localhost' } };
  } catch (thrown) {
    const problem = `--ca, --certificate and --key cannot be used: ${describeThrown(thrown)}`;
    throw new Error(problem, { cause: thrown });
  }
}

/** Of a host that expects TLS where plain text came, the other way round, or a certificate. */
export function hintOf(details: string, hasTls: boolean): string {
  if (!hasTls) {
    const isCut = /ECONNRESET|socket hang up|Connection dropped|Failed to connect \(/i;
    return isCut.test(details) ? '; where it speaks TLS, give --ca' : '';
  }
  if (/certificate required|alert number 116/i.test(details)) {
    return '; it asks for a certificate: give --certificate and --key';
  }
  if (/wrong version number|packet length too long/i.test(details)) {
    return '; it seems to speak plain text: leave --ca out';
  }
  return '';
}
