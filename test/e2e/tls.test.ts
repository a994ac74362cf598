// docs/security.md as it is written: certificates, a host with TLS on all listeners, an operator's command and a plan of the C++ client.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root, words } from '../support/doc-examples.js';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const main = join(root, 'dist/src/main.js');
const [yaml = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, text = '']) =>
  text.trim().split('\n'),
);
const commandOf = (start: string) => {
  const found = commands.filter((command) => command.startsWith(start));
  expect(found, start).toHaveLength(1);
  return words(found[0] ?? '').slice(1);
};

const [, tls = ''] = /&tls (\{.*?\})/.exec(yaml) ?? [];
const host = new HostProcess('', '', {}, '', `tls: ${tls}`);
const folder = dirname(host.configFile);
const advisor = (...args: string[]) =>
  execa('node', [main, ...args], {
    cwd: folder,
    reject: false,
    env: { DH_ADVISOR_OPERATOR: host.operatorAddress },
  });
const phantom = new PhantomCase();

beforeAll(async () => {
  await phantom.create();
  mkdirSync(folder, { recursive: true });
  expect(await advisor(...commandOf('dh-advisor certs'))).toMatchObject({ exitCode: 0 });
  writeFileSync(host.configFile, yaml.replaceAll(/(127\.0\.0\.1):\d+/g, '$1:0'));
  expect(await advisor(...commandOf('dh-advisor config check'))).toMatchObject({ exitCode: 0 });
  expect(commandOf('dh-advisor serve')).toEqual(['serve', '--config', 'host.yaml']);
  await host.start();
});
afterAll(async () => {
  expect(await host.stop()).toBe(0);
  await phantom.dispose();
});

it('an operator with a certificate is answered', async () => {
  const { stdout, stderr } = await advisor(...commandOf('dh-advisor status'));
  expect(stderr).toBe('');
  expect(stdout).toMatch(/serving/);
});

const SECRETS = ['ca', 'certificate', 'key'];

/** The options of `rtmodel optimize` in the document, for the host of this test; only those named. */
function advisorOptions(named: readonly string[]): readonly string[] {
  const given = commandOf('rtmodel optimize');
  const options = named.flatMap((name) => {
    const at = given.indexOf(`--advisor-${name}`);
    expect(at).toBeGreaterThan(0);
    return [`--advisor-${name}`, join(folder, given[at + 1] ?? '')];
  });
  return [`--advisor=${host.address}`, ...options, ...PATIENT_CLIENT];
}

it('a plan of rtmodel with a certificate is advised', async () => {
  const result = await phantom.optimize([...advisorOptions(SECRETS)]);
  expect(result.advice.status).toBe('ok');
});

it.each([[['ca']], [[]]])(
  'a plan of rtmodel with %j alone is made without advice',
  async (named) => {
    const result = await phantom.optimize([...advisorOptions(named)]);
    expect(result.advice.status).toBe('unreachable');
  },
);
