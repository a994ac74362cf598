import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkSecretFiles, parseConfig, readConfig } from '../read-config.js';

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-access-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (yaml: string) => parseConfig(`version: 1\n${yaml}`, join(folder, 'host.yaml'));
const jwt = 'jwt: { issuer: i, audience: a, jwks: keys.json }';
const tls = 'tls: { certificate: a, key: b, client_ca: c }';

it('is open where nothing is said, and a token without roles may do everything but plans', () => {
  const { config } = read('operator: { tokens: [{ name: physics, file: physics }] }');
  expect(config.access).toEqual({
    reads: 'open',
    plans: 'open',
    certificates: [],
    jwt: undefined,
  });
  expect(config.operatorTokens).toEqual([
    { name: 'physics', file: join(folder, 'physics'), roles: ['admin'] },
  ]);
});

it('has files relative to the configuration', () => {
  const { config } = read(`access: { reads: viewer, ${jwt} }`);
  expect(config.access).toMatchObject({
    reads: 'viewer',
    jwt: { jwks: join(folder, 'keys.json'), rolesClaim: 'roles', clockSkewS: 30, maxAgeS: 86_400 },
  });
});

describe.each([
  ['access: { plans: optimizer }', /:2: access\.plans would let no plan in: give the role/],
  [
    'access: { plans: optimizer, certificates: [{ match: "CN:a", roles: [viewer] }] }\nserver: { TLS }',
    /:2: access\.plans would let no plan in/,
  ],
  [
    'access:\n  certificates: [{ match: "CN:a", roles: [optimizer] }]',
    /:3: access\.certificates has no effect: no listener asks for certificates/,
  ],
  [
    'access: { certificates: [{ match: physics, roles: [viewer] }] }',
    /:2: access\.certificates\[0\]\.match must be CN:, DNS:, URI: or EMAIL:/,
  ],
  ['access: { certificates: [{ match: "CN:a", roles: [] }] }', /access\.certificates\[0\]\.roles/],
  ['access: { certificates: [{ match: "CN:a", roles: [root] }] }', /certificates\[0\]\.roles\[0\]/],
  ['operator: { tokens: [{ name: a, file: b, roles: [root] }] }', /tokens\[0\]\.roles\[0\]/],
  [
    'access: { jwt: { issuer: i, audience: a, jwks: k, clock_skew_s: 900 } }',
    /access\.jwt\.clock_skew_s/,
  ],
  ['access: { jwt: { issuer: i, jwks: k } }', /access\.jwt\.audience/],
])('%s', (yaml, fault) => {
  it('is refused with its line', () => {
    expect(() => read(yaml.replace('TLS', tls))).toThrow(fault);
  });
});

it.each([
  `access: { plans: optimizer, ${jwt} }`,
  `access: { plans: optimizer, certificates: [{ match: "CN:a", roles: [optimizer] }] }\nserver: { ${tls} }`,
  'access: { plans: optimizer }\noperator: { tokens: [{ name: a, file: b, roles: [optimizer] }] }',
])('%s is valid', (yaml) => {
  expect(() => read(yaml)).not.toThrow();
});

it('a file of keys that cannot be used is told with its line', async () => {
  const file = join(folder, 'host.yaml');
  writeFileSync(file, `version: 1\naccess:\n  ${jwt}\n`);
  const check = () => checkSecretFiles(readConfig(file), Date.now());
  await expect(check()).rejects.toThrow(/:3: access\.jwt\.jwks names a file that cannot be used/);
  writeFileSync(join(folder, 'keys.json'), '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}');
  await expect(check()).rejects.toThrow(/key 1, which is not of RSA, EC or OKP/);
  writeFileSync(join(folder, 'keys.json'), `{"keys": [${' '.repeat(2 ** 20)}]}`);
  await expect(check()).rejects.toThrow(/cannot be read: has \d+ bytes, which no JWKS has/);
  const key = { kty: 'EC', crv: 'P-256', x: 'a', y: 'b' };
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [key] }));
  await expect(check()).resolves.toBeUndefined();
});
