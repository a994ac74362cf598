// `dh-advisor certs dev`, and a host and commands that use what it makes, each in a process of its own.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HostProcess } from '../support/host-process.js';

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-certs-'));
const made = join(folder, 'certs');
const at = (name: string) => join(made, name);
const advisor = (...args: string[]) => execa('node', [main, ...args], { reject: false });

const tls = `tls: { certificate: '${at('server.crt')}', key: '${at('server.key')}', client_ca: '${at('ca.crt')}' }`;
const host = new HostProcess('  early-stopping: { plugin: plateau }\n', '', {}, '', tls);
let said = '';

beforeAll(async () => {
  said = (await advisor('certs', 'dev', made, '--host', 'advisor.example', '--days', '3')).stdout;
  await host.start();
});
afterAll(async () => {
  expect(await host.stop()).toBe(0);
  rmSync(folder, { recursive: true });
});

it('makes an authority and pairs that only this user may read, and says how to use them', async () => {
  const pairs = ['operator', 'optimizer', 'server', 'viewer'];
  const names = pairs.flatMap((name) => [`${name}.crt`, `${name}.key`]);
  expect(readdirSync(made).sort()).toEqual(['ca.crt', ...names]);
  for (const name of readdirSync(made)) expect(statSync(at(name)).mode & 0o777).toBe(0o600);
  expect(statSync(made).mode & 0o777).toBe(0o700);
  expect(said).toMatch(/^9 files are in .*, valid for 3 days: for a try/);
  expect(said).toContain(`tls: { certificate: ${at('server.crt')}, key: ${at('server.key')}`);
  expect(said).toContain('advisor.example');
});

it('overwrites nothing', async () => {
  const before = readFileSync(at('server.key'), 'utf8');
  const again = await advisor('certs', 'dev', made);
  expect(again.exitCode).toBe(1);
  expect(again.stderr).toMatch(
    /ca\.crt is there already, and nothing is overwritten: name another/,
  );
  expect(readFileSync(at('server.key'), 'utf8')).toBe(before);
  rmSync(at('viewer.key'));
  const half = await advisor('certs', 'dev', made);
  expect(half.exitCode).toBe(1);
  expect(existsSync(at('viewer.key'))).toBe(false);
});

it.each(['0', '826', 'x'])('refuses %s days', async (days) => {
  const { exitCode, stderr } = await advisor('certs', 'dev', join(folder, 'no'), '--days', days);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/whole number from 1 to 825/);
  expect(existsSync(join(folder, 'no'))).toBe(false);
});

it('a host and its commands use them: with a certificate, and refused without one', async () => {
  expect(host.page).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
  const certificate = ['--certificate', at('operator.crt'), '--key', at('operator.key')];
  const shown = await execa('node', [main, 'status', '--ca', at('ca.crt'), ...certificate], {
    env: { DH_ADVISOR_OPERATOR: host.operatorAddress },
  });
  expect(shown.stdout).toMatch(/serving/);
  // Such as a note of Node about an IP address as the name of a server.
  expect(shown.stderr).toBe('');
  await expect(host.operate('status', '--ca', at('ca.crt'))).rejects.toThrow(/certificate/);
  await expect(host.operate('status')).rejects.toThrow(/where it speaks TLS, give --ca/);
});

it.each([
  [['--certificate', 'a'], /--certificate and --key belong together/],
  [['--key', 'a'], /--certificate and --key belong together/],
  [['--certificate', 'a', '--key', 'b'], /--certificate is for TLS: give --ca/],
  [['--ca', '/nowhere/ca.crt'], /--ca cannot be read: ENOENT/],
])('status %j says what is missing', async (options, message) => {
  const { exitCode, stderr } = await advisor('status', ...options);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('    at ');
});

it('check names the line of a file that cannot be used', async () => {
  const { exitCode, stderr } = await advisor('config', 'check', host.configFile);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  rmSync(at('optimizer.key'));
  const file = join(folder, 'host.yaml');
  writeFileSync(file, `version: 1\nserver: { ${tls.replace('server.key', 'optimizer.key')} }\n`);
  const faulty = await advisor('config', 'check', file);
  expect(faulty.exitCode).toBe(1);
  expect(faulty.stderr).toMatch(
    /host\.yaml:2: server\.tls\.key names .*optimizer\.key does not exist/,
  );
});
