import 'reflect-metadata'; // Its library finds its parts by it.
import { webcrypto } from 'node:crypto';
import {
  type JsonGeneralNames,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { fits, namesOf } from './certificate-names.js';

async function certificate(commonName: string, alternative: JsonGeneralNames = []) {
  const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const keys = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    ...(commonName === '' ? {} : { name: [{ CN: [commonName] }] }),
    signingAlgorithm: curve,
    keys,
    extensions: [new SubjectAlternativeNameExtension(alternative)],
  });
  return namesOf(new Uint8Array(made.rawData));
}

describe('names of a certificate', () => {
  it('are those of its subject and its alternative ones, with their kinds', async () => {
    const { commonName, all } = await certificate('optimizer-7', [
      { type: 'dns', value: 'planning.example' },
      { type: 'url', value: 'spiffe://hospital/optimizer' },
      { type: 'email', value: 'physics@example.org' },
      { type: 'ip', value: '10.0.0.7' },
    ]);
    expect(commonName).toBe('optimizer-7');
    expect(all).toEqual([
      'CN:optimizer-7',
      'DNS:planning.example',
      'URI:spiffe://hospital/optimizer',
      'EMAIL:physics@example.org',
    ]);
  });

  it('that hold another in their text stay one', async () => {
    const { all } = await certificate('eve, CN:admin-1', [
      { type: 'dns', value: 'eve.example, DNS:admin.example' },
      { type: 'email', value: 'eve@example.org", EMAIL:"admin@example.org' },
    ]);
    expect(all).toHaveLength(3);
    for (const match of ['CN:admin-*', 'DNS:admin.example', 'EMAIL:admin@example.org']) {
      expect(all.some((name) => fits(match, name))).toBe(false);
    }
  });

  it('need not be of a subject', async () => {
    const { commonName, all } = await certificate('', [{ type: 'dns', value: 'a.example' }]);
    expect([commonName, all]).toEqual(['', ['DNS:a.example']]);
  });
});

it.each([
  ['CN:optimizer', 'CN:optimizer', true],
  ['CN:optimizer', 'CN:optimizer-7', false],
  ['CN:optimizer-*', 'CN:optimizer-', true],
  ['CN:optimizer-*', 'CN:optimizer-7', true],
  ['CN:optimizer-*', 'CN:x-optimizer-7', false],
  ['CN:optimizer-*', 'CN:optimizer-7, CN:admin', false],
  ['CN:optimizer-*', 'CN:Optimizer-7', false],
  ['DNS:*.planning.example', 'DNS:a.planning.example', true],
  ['DNS:*.planning.example', 'DNS:a.planningXexample', false],
  ['DNS:*.planning.example', 'CN:a.planning.example', false],
  ['URI:spiffe://hospital/*', 'URI:spiffe://hospital/optimizer', true],
  ['URI:spiffe://hospital/*', 'URI:spiffe://hospital/a/b', false],
  ['CN:a.b', 'CN:axb', false],
  ['CN:(a|b)', 'CN:a', false],
  ['CN:a*', 'CN:a\nb', true],
])('%s fits %s: %s', (pattern, name, isFit) => {
  expect(fits(pattern, name)).toBe(isFit);
});
