// Addresses at which a host cannot listen are told with their key before anything is loaded.
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { HostConfig } from '../../../src/domain/host-config.js';
import { testConfig } from '../../../src/domain/testing/test-config.js';
import { startTestHost } from './testing/test-host.js';

const meant = { tls: undefined, isInsecureMeant: true };
const base = testConfig({ security: { server: meant, operator: meant, http: meant } });
const at = {
  'server.address': (address: string): HostConfig => ({
    ...base,
    server: { ...base.server, address },
  }),
  'operator.address': (address: string): HostConfig => ({ ...base, operatorAddress: address }),
  'http.address': (address: string): HostConfig => ({ ...base, httpAddress: address }),
};
const keys = Object.keys(at) as (keyof typeof at)[];

/** A port that something listens at. */
async function takenPort(host: string): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as { port: number }).port;
}

it.each(keys)('%s that is taken', async (key) => {
  const address = `127.0.0.1:${await takenPort('127.0.0.1')}`;
  await expect(startTestHost(at[key](address))).rejects.toMatchObject({
    code: 'address-unusable',
    params: { key, address, problem: expect.stringMatching(/another program listens there/) },
  });
});

it.each(keys)('%s that this machine does not have', async (key) => {
  // Of a block that is for documents (RFC 5737).
  const address = '192.0.2.1:50151';
  await expect(startTestHost(at[key](address))).rejects.toMatchObject({
    params: { key, address, problem: expect.stringMatching(/has no such address/) },
  });
});

it.each(keys)('%s that others can reach, without TLS and without a word', async (key) => {
  const plain = { tls: undefined, isInsecureMeant: false };
  const config = at[key]('0.0.0.0:0');
  const security = { server: plain, operator: plain, http: plain };
  await expect(startTestHost({ ...config, security })).rejects.toMatchObject({
    code: 'listener-exposed',
    params: { key, address: '0.0.0.0:0' },
    message: expect.stringMatching(/not loopback.*`tls`.*`insecure: i-know`/),
  });
});
