// Attempts to be somebody else: forged, ended, replayed and swapped tokens and certificates, names that pretend, requests that another page makes.
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials, type StatusObject, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { signClient } from '../../../src/system/testing/test-certificates.js';
import { until } from '../stream/testing/test-host.js';
import {
  type AccessCaller,
  IdentityProvider,
  startCertificateHost,
  startTokenHost,
  writeKeys,
} from './access-host.js';
import { askPage, callOperator, openPlan } from './ask.js';

const admins = { realm_access: { roles: ['admin', 'optimizer'] } };
const plain = (token: string): AccessCaller => ({ role: 'none', token, tls: undefined });
const nowS = () => Math.floor(Date.now() / 1000);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token that', () => {
  it('is signed, for this host and of now is taken, with a clock that differs by seconds', async () => {
    const { host, provider } = await startTokenHost();
    const fine = [
      {},
      { aud: ['other', 'dh-advisor-test'] },
      { nbf: nowS() + 20, iat: nowS() + 20 },
      { exp: nowS() - 20 },
      { realm_access: { roles: 'viewer admin' } },
    ];
    for (const claims of fine) {
      const token = provider.token({ ...admins, ...claims });
      expect([claims, await callOperator(host, plain(token), 'StopAdvice')]).toEqual([
        claims,
        'in',
      ]);
    }
  });

  it('ended, is not yet valid, is of elsewhere or says too little is refused', async () => {
    const { host, provider } = await startTokenHost();
    const faulty = [
      { exp: nowS() - 60 },
      { nbf: nowS() + 3600 },
      { iat: nowS() - 7200 },
      { iat: nowS() + 3600 },
      // Replayed: made for another host.
      { aud: 'another-host' },
      { iss: 'https://evil.example' },
      { exp: undefined },
      { sub: undefined },
      { iat: undefined },
      { exp: 'never' },
    ];
    for (const claims of faulty) {
      const caller = plain(provider.token({ ...admins, ...claims }));
      const became = [
        await callOperator(host, caller, 'GetStatus'),
        await callOperator(host, caller, 'StopAdvice'),
        await openPlan(host, caller),
        (await askPage(host, caller, 'GET /api/status')).admission,
      ];
      expect([claims, ...became]).toEqual([claims, 'unknown', 'unknown', 'unknown', 'unknown']);
    }
  });

  it('is forged is refused: without a signature, with the public key as a secret, by another key, changed', async () => {
    const { host, provider } = await startTokenHost();
    const good = provider.token(admins);
    const [header = '', payload = '', signature = ''] = good.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const asSecret = `${part({ alg: 'HS256', kid: 'one' })}.${payload}`;
    const hmac = createHmac('sha256', JSON.stringify(provider.publicKey)).update(asSecret);
    const forged = [
      `${part({ alg: 'none' })}.${payload}.`,
      `${part({ alg: 'None' })}.${payload}.${signature}`,
      `${asSecret}.${hmac.digest('base64url')}`,
      new IdentityProvider().token(admins),
      `${header}.${part({ ...claims, sub: 'eve' })}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}.`,
      '..',
      'a.b.c',
      provider.token(admins, { kid: '../../etc/passwd' }),
      provider.token(admins, { crit: ['exp'] }),
      provider.token(admins, { jwk: new IdentityProvider().publicKey, kid: 'two' }),
      `${good}${'A'.repeat(5000)}`,
    ];
    for (const token of forged) {
      expect([token, await callOperator(host, plain(token), 'StopAdvice')]).toEqual([
        token,
        'unknown',
      ]);
    }
    expect(await callOperator(host, plain(good), 'StopAdvice')).toBe('in');
  });

  it('names roles where only a prototype has them, or in other words, has none', async () => {
    const { host, provider } = await startTokenHost();
    const tricks = [
      { realm_access: '["admin"]' },
      { realm_access: { roles: [['admin']] } },
      { realm_access: { roles: { admin: true } } },
      { realm_access: { roles: ['Admin', 'admin '] } },
      { roles: ['admin'] },
      { 'realm_access.roles': ['admin'] },
      JSON.parse('{"__proto__": {"realm_access": {"roles": ["admin"]}}}'),
      JSON.parse('{"realm_access": {"__proto__": {"roles": ["admin"]}}}'),
    ];
    for (const claims of tricks) {
      const token = provider.token(claims);
      expect(await callOperator(host, plain(token), 'StopAdvice')).toBe('forbidden');
    }
    expect(({} as { roles?: unknown }).roles).toBeUndefined();
  });

  it('was taken before is refused once its key or its file is gone', async () => {
    const { host, provider, folder, byToken } = await startTokenHost();
    const old = plain(provider.token(admins));
    expect(await callOperator(host, old, 'StopAdvice')).toBe('in');
    const next = new IdentityProvider();
    writeKeys(folder.path, next.publicKey);
    expect(await callOperator(host, old, 'StopAdvice')).toBe('unknown');
    const current = plain(next.token(admins));
    expect(await callOperator(host, current, 'StopAdvice')).toBe('in');
    // A file that is faulty for a while leaves the keys as they were, and is told of.
    writeFileSync(join(folder.path, 'jwks.json'), '{"keys": [');
    expect(await callOperator(host, current, 'StopAdvice')).toBe('in');
    expect(await callOperator(host, old, 'StopAdvice')).toBe('unknown');
    const told = () => host.log.lines.some(({ message }) => /keys of tokens/.test(message));
    await until(told);
    const admin = byToken.find(({ role }) => role === 'admin') ?? plain('');
    expect(await callOperator(host, admin, 'StopAdvice')).toBe('in');
    rmSync(join(folder.path, 'admin'));
    expect(await callOperator(host, admin, 'StopAdvice')).toBe('unknown');
    const said = JSON.stringify(host.log.lines);
    for (const { token } of [old, current, admin]) expect(said).not.toContain(token);
  });
});

describe('a certificate', () => {
  it('of another kind of client gets its own role alone, on every listener', async () => {
    const { host, callers } = await startCertificateHost();
    const of = (role: string) => callers.find((caller) => caller.role === role) ?? plain('');
    expect(await openPlan(host, of('operator'))).toBe('forbidden');
    expect(await openPlan(host, of('admin'))).toBe('forbidden');
    expect(await callOperator(host, of('optimizer'), 'StopAdvice')).toBe('forbidden');
    expect((await askPage(host, of('optimizer'), 'GET /metrics')).status).toBe(403);
    expect(await openPlan(host, of('optimizer'))).toBe('in');
  });

  it('whose name pretends is known by what it is', async () => {
    const { host, authority, ca } = await startCertificateHost();
    const names = [
      'x admin-1',
      'admin',
      'Admin-1',
      'eve, CN=admin-1',
      'eve/CN=admin-1',
      'admin-1/x',
      'admin-1, DNS:admin-1',
      'eve\nadmin-1',
      '*',
    ];
    for (const name of names) {
      const tls = { ca, ...(await signClient(authority, name)) };
      const caller: AccessCaller = { role: 'none', token: '', tls };
      expect([name, await callOperator(host, caller, 'StopAdvice')]).toEqual([name, 'forbidden']);
    }
  });

  it('does not make up for a wrong token', async () => {
    const { host, callers } = await startCertificateHost();
    const admin = callers.find(({ role }) => role === 'admin') ?? plain('');
    expect(await callOperator(host, admin, 'StopAdvice')).toBe('in');
    const wrong = { ...admin, token: 'a-token-of-nobody-here' };
    expect(await callOperator(host, wrong, 'StopAdvice')).toBe('unknown');
    expect((await askPage(host, wrong, 'GET /api/status')).status).toBe(401);
  });

  it('that a browser shows by itself is of no use to the page of somebody else', async () => {
    const { host, callers } = await startCertificateHost();
    const admin = callers.find(({ role }) => role === 'admin') ?? plain('');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      for (const route of ['POST /api/advice/stop', 'GET /api/status', 'GET /metrics']) {
        expect((await askPage(host, admin, route, headers)).status).toBe(403);
      }
    }
    const form = { 'content-type': 'text/plain' };
    expect((await askPage(host, admin, 'POST /api/advice/stop', form)).status).toBe(415);
    const renamed = { host: 'evil.example' };
    expect((await askPage(host, admin, 'GET /api/status', renamed)).status).toBe(403);
  });
});

describe('whoever shows nothing', () => {
  it('is told whether the host serves, and what can be called', async () => {
    const { host } = await startTokenHost();
    const raw = (bytes: Buffer) => bytes;
    for (const address of [host.address, host.operatorAddress]) {
      const client = new Client(address, credentials.createInsecure());
      const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
      const call = client.makeBidiStreamRequest(path, raw, raw);
      const ended = new Promise<StatusObject>((resolve) => call.on('status', resolve));
      call.on('data', () => undefined).on('error', () => undefined);
      call.end();
      expect((await ended).code).toBe(status.OK);
      client.close();
    }
    const client = new Client(host.address, credentials.createInsecure());
    const answered = new Promise<Buffer | undefined>((resolve) => {
      const path = '/grpc.health.v1.Health/Check';
      client.makeUnaryRequest(path, raw, raw, Buffer.alloc(0), (_, answer) => resolve(answer));
    });
    // `status`: SERVING.
    expect(await answered).toEqual(Buffer.from([8, 1]));
    client.close();
  });

  it('learns nothing by another way of writing a path', async () => {
    const { host } = await startTokenHost();
    const paths = [
      '//api/status',
      '/api/status/',
      '/API/status',
      '/assets/../api/status',
      '/assets/%2e%2e/api/status',
      '/assets/..%2fapi/status',
      '/api%2fstatus',
      '/healthz/../api/status',
      '/api/configuration/__proto__',
      '/api/plans/__proto__',
      '/api/plans/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
      '/assets/..%5c..%5cpackage.json',
      '/nowhere',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await askPage(host, plain(''), `${method} ${path}`);
        const isRefused = answer.status >= 400 && answer.status < 500;
        expect([method, path, isRefused]).toEqual([method, path, true]);
      }
    }
  });

  it('forces no arm, and an optimizer does not either', async () => {
    const { host, byToken } = await startTokenHost();
    const arm = { 'dh-experiment-arm': 'a=b' };
    for (const caller of byToken) {
      const became = await openPlan(host, caller, arm);
      expect([caller.role, became]).toEqual([
        caller.role,
        caller.role === 'none' ? 'unknown' : 'forbidden',
      ]);
    }
  });
});

it('keys that could sign, or that are none, prove nobody', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const provider = new IdentityProvider();
  const sets = [
    { keys: [privateKey.export({ format: 'jwk' })] },
    { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] },
    { keys: [] },
    {},
    [],
    null,
  ];
  for (const set of sets) {
    const { host, folder } = await startTokenHost(provider);
    writeFileSync(join(folder.path, 'jwks.json'), JSON.stringify(set));
    const caller = plain(provider.token(admins));
    expect(await callOperator(host, caller, 'StopAdvice')).toBe('unknown');
    await host.stop();
  }
});
