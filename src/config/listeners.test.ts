import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HostError } from '../domain/errors/host-error.js';
import {
  CertificateFolder,
  makeAuthority,
  signServer,
} from '../system/testing/test-certificates.js';
import { checkCertificates, parseConfig } from './read-config.js';

function faultsOf(text: string): string {
  try {
    parseConfig(text, 'host.yaml');
    return '';
  } catch (thrown) {
    if (!HostError.is(thrown)) throw thrown;
    return String(thrown.params['faults']);
  }
}

describe.each(['server', 'operator', 'http'])('%s', (listener) => {
  const config = (keys: string) => `version: 1\n${listener}:\n  address: "10.0.0.7:50999"\n${keys}`;

  it('on another address than loopback needs TLS, or a word that it is meant', () => {
    expect(faultsOf(config(''))).toMatch(
      new RegExp(
        `^host\\.yaml:3: ${listener}\\.address is not loopback, .*\`tls: .*\`${listener}\`, or \`insecure: i-know\``,
      ),
    );
    expect(faultsOf(config('  insecure: i-know\n'))).toBe('');
    expect(faultsOf(config('  tls: { certificate: a.crt, key: a.key }\n'))).toBe('');
  });

  it.each([
    ['  insecure: true\n', /host\.yaml:4: \w+\.insecure must be "i-know", or absent/],
    ['  tls: { certificate: a.crt }\n', /host\.yaml:4: \w+\.tls\.key /],
    ['  tls: { certificate: a.crt, key: "" }\n', /host\.yaml:4: \w+\.tls\.key /],
    ['  tls: { certificate: a, key: b, ca: c }\n', /host\.yaml:4: \w+\.tls\.ca is not a known key/],
  ])('refuses %j', (keys, fault) => {
    expect(faultsOf(config(keys))).toMatch(fault);
  });
});

it('loopback needs neither', () => {
  expect(
    faultsOf('version: 1\nserver: { address: "[::1]:1" }\nhttp: { address: "localhost:2" }'),
  ).toBe('');
});

it('files of certificates are named relative to the configuration, and checked with its lines', async () => {
  const folder = new CertificateFolder();
  onTestFinished(() => folder.remove());
  folder.writePair('a', await signServer(await makeAuthority()));
  const tls = (name: string) => `tls: { certificate: a.crt, key: ${name}, client_ca: ca.crt }`;
  const text = `version: 1\nserver:\n  ${tls('a.key')}\nhttp:\n  ${tls('b.key')}\n`;
  const loaded = parseConfig(text, join(folder.path, 'host.yaml'));
  expect(loaded.config.security.server.tls).toEqual({
    certificate: join(folder.path, 'a.crt'),
    key: join(folder.path, 'a.key'),
    clientCa: join(folder.path, 'ca.crt'),
  });
  expect(loaded.config.security.operator.tls).toBeUndefined();
  const refused = checkCertificates(loaded, Date.now());
  await expect(refused).rejects.toMatchObject({
    code: 'config-invalid',
    params: {
      count: 2,
      faults: expect.stringMatching(
        /host\.yaml:3: server\.tls\.client_ca names .*ca\.crt does not exist\n.*host\.yaml:5: http\.tls\.key names .*b\.key does not exist$/,
      ),
    },
  });
});
