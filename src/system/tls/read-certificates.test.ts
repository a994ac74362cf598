import { generateKeyPairSync } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  CertificateFolder,
  makeAuthority,
  signClient,
  signServer,
} from '../testing/test-certificates.js';
import { readTls } from './read-certificates.js';

async function setUp() {
  const folder = new CertificateFolder();
  onTestFinished(() => folder.remove());
  const authority = await makeAuthority();
  const tls = folder.writePair('server', await signServer(authority));
  const clientCa = folder.write('ca.crt', authority.certificate);
  return { folder, authority, tls: { ...tls, clientCa } };
}

it('reads a certificate with its key, those that signed it, and the authorities of clients', async () => {
  const { folder, authority, tls } = await setUp();
  const { certificate: other } = await signServer(authority);
  const material = await readTls(tls, Date.now());
  expect(material.certificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
  expect(material.clientCa).toBe(authority.certificate);
  expect(material.expiresAtMs).toBeGreaterThan(Date.now());
  // The listener's own comes first: what follows is not compared with the key.
  const { certificate } = await readTls(tls, Date.now());
  folder.write('server.crt', certificate + other);
  await expect(readTls(tls, Date.now())).resolves.toMatchObject({ key: material.key });
  folder.write('server.crt', other + certificate);
  await expect(readTls(tls, Date.now())).rejects.toThrow(/is not the key of the certificate in/);
});

it.each([
  ['certificate', 'certificate'],
  ['key', 'key'],
  ['client_ca', 'clientCa'],
] as const)('a missing file of `%s`', async (part, name) => {
  const { folder, tls } = await setUp();
  const file = join(folder.path, 'nowhere.pem');
  await expect(readTls({ ...tls, [name]: file }, Date.now())).rejects.toMatchObject({
    part,
    file,
    message: expect.stringMatching(/nowhere\.pem does not exist/),
  });
});

it('what is no file, too large, or not PEM', async () => {
  const { folder, tls } = await setUp();
  const refusal = (change: object) => readTls({ ...tls, ...change }, Date.now());
  await expect(refusal({ certificate: folder.path })).rejects.toThrow(/is a folder/);
  const large = folder.write('large', '');
  truncateSync(large, 2 ** 20 + 1);
  await expect(refusal({ certificate: large })).rejects.toThrow(/1048577 bytes, which no PEM/);
  const text = folder.write('text', 'hello');
  await expect(refusal({ certificate: text })).rejects.toThrow(/holds no certificate in PEM form/);
  await expect(refusal({ key: text })).rejects.toThrow(/holds no private key in PEM form/);
  await expect(refusal({ clientCa: text })).rejects.toThrow(/holds no certificate in PEM form/);
  const junk = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const broken = folder.write('broken', junk);
  await expect(refusal({ certificate: broken })).rejects.toThrow(/cannot be read, number 1/);
});

it('a certificate that ended, or is not valid yet', async () => {
  const { folder, authority, tls } = await setUp();
  folder.writePair('server', await signServer(authority, -1));
  const ended = {
    part: 'certificate',
    message: expect.stringMatching(/expired at \d{4}-\d\d-\d\dT/),
  };
  await expect(readTls(tls, Date.now())).rejects.toMatchObject(ended);
  folder.writePair('server', await signServer(authority));
  const longAgo = Date.now() - 500 * 86_400_000;
  await expect(readTls(tls, longAgo)).rejects.toThrow(/is valid only from \d{4}/);
});

it('the key of another certificate, and one with a passphrase', async () => {
  const { folder, authority, tls } = await setUp();
  const { key } = await signServer(authority);
  folder.write('server.key', key);
  await expect(readTls(tls, Date.now())).rejects.toMatchObject({
    part: 'key',
    message: expect.stringMatching(/server\.key is not the key of .*server\.crt \(CN=server\)/),
  });
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' },
  });
  folder.write('server.key', privateKey);
  await expect(readTls(tls, Date.now())).rejects.toThrow(/is encrypted, .*openssl pkey/);
});

it('authorities of clients: none that is one, and all ended; an old one beside its successor is fine', async () => {
  const { folder, authority, tls } = await setUp();
  folder.write('ca.crt', (await signClient(authority)).certificate);
  await expect(readTls(tls, Date.now())).rejects.toMatchObject({
    part: 'client_ca',
    message: expect.stringMatching(/no authority's \(CN=optimizer\)/),
  });
  const old = await makeAuthority('old', -1);
  folder.write('ca.crt', old.certificate);
  await expect(readTls(tls, Date.now())).rejects.toThrow(/cannot be used: it expired at/);
  folder.write('ca.crt', old.certificate + authority.certificate);
  await expect(readTls(tls, Date.now())).resolves.toBeDefined();
});
