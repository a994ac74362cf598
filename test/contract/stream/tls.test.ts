// TLS on all three listeners of a whole host: who gets in, who does not, and certificates that are renewed while it runs.
import { request } from 'node:https';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { credentials, Metadata } from '@grpc/grpc-js';
import { expect, it, onTestFinished } from 'vitest';
import type { HostConfig } from '../../../src/domain/host-config.js';
import { testConfig } from '../../../src/domain/testing/test-config.js';
import {
  CertificateFolder,
  makeAuthority,
  signClient,
  signServer,
} from '../../../src/system/testing/test-certificates.js';
import type { CertificatePair } from '../../../src/system/tls/make-certificates.js';
import type { ClientTls } from '../../../src/transport/operator/client-tls.js';
import { OperatorClient } from '../../../src/transport/operator/operator-client.js';
import { PlanClient } from './testing/plan-client.js';
import { startTestHost, until } from './testing/test-host.js';
import { wireStart } from './testing/wire-run.js';

const protoDirectory = fileURLToPath(new URL('../../../proto', import.meta.url));

async function startTlsHost({ asksClients = false } = {}) {
  const folder = new CertificateFolder();
  onTestFinished(() => folder.remove());
  const authority = await makeAuthority();
  const ca = authority.certificate;
  const files = folder.writePair('server', await signServer(authority));
  const clientCa = asksClients ? folder.write('ca.crt', ca) : undefined;
  const secure = { tls: { ...files, clientCa }, isInsecureMeant: false };
  const config: HostConfig = testConfig({
    security: { server: secure, operator: secure, http: secure },
  });
  const host = await startTestHost(config);
  return { host, folder, authority, ca };
}

type TlsHost = Awaited<ReturnType<typeof startTlsHost>>['host'];

function operator(host: TlsHost, tls: ClientTls | undefined): OperatorClient {
  const options = { address: host.operatorAddress, token: '', tls, protoDirectory };
  const client = new OperatorClient(options);
  onTestFinished(() => client.close());
  return client;
}

/** Whether a plan is accepted, or the message of how the stream ended. */
async function openPlan(host: TlsHost, { ca, certificate, key }: ClientTls): Promise<string> {
  const bytes = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  const secrets = credentials.createSsl(Buffer.from(ca), bytes(key), bytes(certificate));
  const client = new PlanClient(host.address, new Metadata(), secrets);
  onTestFinished(() => client.cancel());
  const answer = await client.ask(wireStart());
  return answer?.accepted ? 'accepted' : (await client.status).details;
}

function getReady(host: TlsHost, tls: Partial<CertificatePair> & { ca: string }): Promise<string> {
  const { ca, certificate: cert, key } = tls;
  const [name = '', port = ''] = host.httpAddress.split(':');
  return new Promise((resolve, reject) => {
    const options = { host: name, port, path: '/readyz', ca, cert, key, agent: false };
    const asked = request(options, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve(text));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** What a new connection to an address is shown. */
function serialShown(address: string, ca: string): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host, port: Number(port), ca, ALPNProtocols: ['h2', 'http/1.1'] },
      () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

it('serves plans, operators and the page over TLS', async () => {
  const { host, ca } = await startTlsHost();
  expect(await openPlan(host, { ca })).toBe('accepted');
  expect(await operator(host, { ca }).status()).toMatchObject({ state: 'serving' });
  expect(JSON.parse(await getReady(host, { ca }))).toMatchObject({
    status: 'ready',
    certificates: {
      server: { state: 'ok', problem: null, expiresAtMs: expect.any(Number) },
      operator: { state: 'ok' },
      http: { state: 'ok' },
    },
  });
});

it('shows itself to nobody who trusts another authority, and hears no plain text', async () => {
  const { host } = await startTlsHost();
  const { certificate: ca } = await makeAuthority('another');
  expect(await openPlan(host, { ca })).toMatch(/certificate|signature/);
  await expect(operator(host, { ca }).status()).rejects.toMatchObject({
    code: 'host-unreachable',
    message: expect.stringMatching(/certificate|signature/),
  });
  await expect(getReady(host, { ca })).rejects.toThrow(/certificate|signature/);
  await expect(operator(host, undefined).status()).rejects.toThrow(/speaks TLS, give --ca/);
  await expect(fetch(`http://${host.httpAddress}/readyz`)).rejects.toThrow();
});

it('asks clients for a certificate: one of its authority, valid now, and for nothing else', async () => {
  const { host, authority, ca } = await startTlsHost({ asksClients: true });
  const good = { ca, ...(await signClient(authority)) };
  expect(await openPlan(host, good)).toBe('accepted');
  expect(await operator(host, good).status()).toMatchObject({ state: 'serving' });
  expect(JSON.parse(await getReady(host, good))).toMatchObject({ status: 'ready' });

  const ended = { ca, ...(await signClient(authority, 'optimizer', -1)) };
  const foreign = { ca, ...(await signClient(await makeAuthority('another'))) };
  const server = { ca, ...(await signServer(authority)) };
  for (const bad of [{ ca }, ended, foreign, server]) {
    expect(await openPlan(host, bad)).not.toBe('accepted');
    await expect(operator(host, bad).status()).rejects.toMatchObject({ code: 'host-unreachable' });
    await expect(getReady(host, bad)).rejects.toThrow();
  }
  await expect(operator(host, { ca }).status()).rejects.toThrow(/give --certificate and --key/);
  // Nobody who was refused has cost the others anything.
  expect(await openPlan(host, good)).toBe('accepted');
});

it('new connections get renewed certificates, open plans go on; faulty ones change nothing', async () => {
  const { host, folder, authority, ca } = await startTlsHost();
  const secrets = credentials.createSsl(Buffer.from(ca));
  const open = new PlanClient(host.address, new Metadata(), secrets);
  onTestFinished(() => open.cancel());
  expect(await open.ask(wireStart())).toMatchObject({ accepted: {} });

  const addresses = [host.address, host.operatorAddress, host.httpAddress];
  const shown = () => Promise.all(addresses.map((address) => serialShown(address, ca)));
  const before = await shown();
  expect(new Set(before).size).toBe(1);
  folder.writePair('server', await signServer(authority));
  const renewed = () => host.log.lines.filter(({ message }) => message === 'certificates replaced');
  await until(() => renewed().length === 3);
  const after = await shown();
  expect(new Set(after).size).toBe(1);
  expect(after[0]).not.toBe(before[0]);

  folder.write('server.key', 'no key at all');
  const faulty = () => host.log.lines.filter(({ message }) => /not replaced/.test(message));
  await until(() => faulty().length === 3);
  expect(await shown()).toEqual(after);
  expect(JSON.parse(await getReady(host, { ca }))).toMatchObject({
    status: 'ready',
    certificates: { server: { state: 'stale', problem: expect.stringMatching(/no private key/) } },
  });
  open.halfClose();
  expect((await open.status).code).toBe(0);
});

it.each(['server', 'operator', 'http'] as const)(
  'does not start when a file of %s is not there, and says which',
  async (listener) => {
    const tls = { certificate: '/nowhere/a.crt', key: '/nowhere/a.key', clientCa: undefined };
    const config = testConfig({ security: { [listener]: { tls, isInsecureMeant: false } } });
    await expect(startTestHost(config)).rejects.toMatchObject({
      code: 'certificate-unusable',
      message: expect.stringMatching(
        `${listener}.tls.certificate.*/nowhere/a\\.crt does not exist`,
      ),
    });
  },
);

it('a client trusts the address that it called only, an IP address, too', async () => {
  const { host, folder, authority, ca } = await startTlsHost();
  const validity = { fromMs: Date.now() - 1000, toMs: Date.now() + 86_400_000 };
  const elsewhere = await authority.sign({ name: 'server', hosts: ['10.0.0.7'], ...validity });
  folder.writePair('server', elsewhere);
  await until(() => host.log.lines.filter(({ message }) => /replaced/.test(message)).length === 3);
  await expect(operator(host, { ca }).status()).rejects.toThrow(/IP: 127\.0\.0\.1 is not in the/);
});

it('a client that expects TLS of a host of plain text is told so, and what is no PEM is refused', async () => {
  const { certificate: ca } = await makeAuthority();
  const host = await startTestHost();
  await expect(operator(host, { ca }).status()).rejects.toThrow(/leave --ca out/);
  expect(() => operator(host, { ca: 'no PEM', key: 'a', certificate: 'b' })).toThrow(
    /--ca, --cert/,
  );
});
