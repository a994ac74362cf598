// The roles of docs/security.md as they are written there, with commands and the real optimizer, each with its certificate or token.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const main = join(root, 'dist/src/main.js');
const [, yaml = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
const [, tls = ''] = /&tls (\{.*?\})/.exec(yaml) ?? [];
const host = new HostProcess('', '', {}, '', `tls: ${tls}`);
const folder = dirname(host.configFile);
const NIGHTS = 'a-secret-of-nights-alone';
const phantom = new PhantomCase();

const advisor = (words: readonly string[], token = '') =>
  execa('node', [main, ...words], {
    cwd: folder,
    reject: false,
    env: { DH_ADVISOR_OPERATOR: host.operatorAddress, DH_ADVISOR_OPERATOR_TOKEN: token },
  });
const secretsOf = (name: string, prefix = '--') => [
  `${prefix}ca=${join(folder, 'certs/ca.crt')}`,
  `${prefix}certificate=${join(folder, `certs/${name}.crt`)}`,
  `${prefix}key=${join(folder, `certs/${name}.key`)}`,
];

beforeAll(async () => {
  await phantom.create();
  mkdirSync(join(folder, 'secrets'), { recursive: true });
  writeFileSync(join(folder, 'secrets/nights'), NIGHTS);
  const { publicKey } = generateKeyPairSync('ed25519');
  const keys = [publicKey.export({ format: 'jwk' })];
  writeFileSync(join(folder, 'secrets/identity-keys.json'), JSON.stringify({ keys }));
  expect(await advisor(['certs', 'dev', 'certs'])).toMatchObject({ exitCode: 0 });
  writeFileSync(host.configFile, yaml.replaceAll(/(127\.0\.0\.1):\d+/g, '$1:0'));
  const checked = await advisor(['config', 'check', 'host.yaml']);
  expect([checked.stderr, checked.exitCode]).toEqual(['', 0]);
  await host.start();
});
afterAll(async () => {
  expect(await host.stop()).toBe(0);
  phantom.dispose();
});

it.each([
  ['optimizer', 'ok'],
  ['operator', 'refused'],
  ['viewer', 'refused'],
])('a plan of rtmodel with the certificate %s: %s', async (name, status) => {
  const options = [`--advisor=${host.address}`, ...secretsOf(name, '--advisor-')];
  const plan = await phantom.optimize([...options, ...PATIENT_CLIENT]);
  expect(plan.advice.status).toBe(status);
  if (status !== 'ok') expect(plan.advice.status_message).toMatch(/needs the role optimizer/);
  expect(plan.reference_objective).toBeGreaterThan(0);
});

it('commands may what the role of their certificate and token allows', async () => {
  const dryRun = ['role', 'off', 'early-stopping', '--dry-run'];
  const as = async (words: readonly string[], name: string, token = '') => {
    const { exitCode, stderr } = await advisor([...words, ...secretsOf(name)], token);
    return exitCode === 0 ? 'in' : (/\[([a-z-]+)\]/.exec(stderr)?.[1] ?? stderr);
  };
  expect(await as(['status'], 'operator')).toBe('in');
  expect(await as(dryRun, 'operator')).toBe('in');
  expect(await as(['status'], 'optimizer')).toBe('access-role');
  // In on the certificate, and an operator by the token.
  expect(await as(dryRun, 'optimizer', NIGHTS)).toBe('in');
  expect(await as(['config', 'reload', '--dry-run'], 'optimizer', NIGHTS)).toBe('access-role');
  expect(await as(['status'], 'operator', 'a-token-of-nobody-here')).toBe('access-none');
});
