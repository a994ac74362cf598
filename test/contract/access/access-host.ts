// A host that asks who calls, and callers of every role by certificate, by token and by JWT.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { HostConfig } from '../../../src/domain/host-config.js';
import { ACCESS_ROLES, type AccessRole } from '../../../src/domain/operations/access.js';
import { testConfig } from '../../../src/domain/testing/test-config.js';
import {
  CertificateFolder,
  makeAuthority,
  signClient,
  signServer,
} from '../../../src/system/testing/test-certificates.js';
import type { ClientTls } from '../../../src/transport/operator/client-tls.js';
import { startTestHost } from '../stream/testing/test-host.js';

/** `none`: known to nobody, or without a role. */
export const CALLERS = [...ACCESS_ROLES, 'none'] as const;
export type CallerRole = (typeof CALLERS)[number];

export const ISSUER = 'https://identity.example';
export const AUDIENCE = 'dh-advisor-test';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs tokens as an identity provider does, by hand, so that a test can lie in any part. */
export class IdentityProvider {
  readonly #key: KeyObject;
  readonly publicKey: object;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    this.publicKey = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256' };
  }

  token(claims: object = {}, header: object = {}): string {
    const nowS = Math.floor(Date.now() / 1000);
    const usual = { iss: ISSUER, aud: AUDIENCE, sub: 'anna', iat: nowS, exp: nowS + 600 };
    const text = `${part({ alg: 'ES256', kid: 'one', ...header })}.${part({ ...usual, ...claims })}`;
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }
}

const tokenOf = (name: string) => `a-secret-token-of-${name}`;

/** What one caller shows, on which host. */
export interface AccessCaller {
  readonly role: CallerRole;
  readonly token: string;
  readonly tls: ClientTls | undefined;
}

const guarded = { reads: 'viewer', plans: 'optimizer' } as const;

function folderOfTest(): CertificateFolder {
  const folder = new CertificateFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

/** Plain text on loopback, tokens of files and of an identity provider. */
export async function startTokenHost(
  provider = new IdentityProvider(),
  more: Partial<HostConfig> = {},
) {
  const folder = folderOfTest();
  const operatorTokens = ACCESS_ROLES.map((role) => ({
    name: role,
    file: folder.write(role, tokenOf(role)),
    roles: [role],
  }));
  const jwks = folder.write('jwks.json', JSON.stringify({ keys: [provider.publicKey] }));
  const jwt = {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks,
    rolesClaim: 'realm_access.roles',
    clockSkewS: 30,
    maxAgeS: 3600,
  };
  const access = { ...guarded, certificates: [], jwt };
  const host = await startTestHost({
    ...testConfig({ access, operatorTokens, openInference: { enabled: true } }),
    ...more,
  });
  const plain = (role: CallerRole, token: string): AccessCaller => ({
    role,
    token,
    tls: undefined,
  });
  return {
    host,
    provider,
    folder,
    byToken: CALLERS.map((role) => plain(role, role === 'none' ? '' : tokenOf(role))),
    byJwt: CALLERS.map((role) =>
      plain(role, provider.token({ realm_access: { roles: role === 'none' ? [] : [role, 'x'] } })),
    ),
  };
}

/** Certificates of clients on all three listeners, with one authority. */
export async function startCertificateHost() {
  const folder = folderOfTest();
  const authority = await makeAuthority();
  const ca = authority.certificate;
  const files = folder.writePair('server', await signServer(authority));
  const secure = {
    tls: { ...files, clientCa: folder.write('ca.crt', ca) },
    isInsecureMeant: false,
  };
  const certificates = ACCESS_ROLES.map((role) => ({ match: `CN:${role}-*`, roles: [role] }));
  const config = testConfig({
    openInference: { enabled: true },
    access: { ...guarded, certificates },
    security: { server: secure, operator: secure, http: secure },
  });
  const host = await startTestHost(config);
  const callers = await Promise.all(
    CALLERS.map(async (role): Promise<AccessCaller> => {
      const name = role === 'none' ? 'stranger' : `${role}-7`;
      return { role, token: '', tls: { ca, ...(await signClient(authority, name)) } };
    }),
  );
  return { host, authority, ca, callers };
}

export function writeKeys(path: string, ...keys: readonly object[]): void {
  writeFileSync(join(path, 'jwks.json'), JSON.stringify({ keys }));
}

export type { AccessRole };
