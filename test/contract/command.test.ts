import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { check } from '../../src/cli/commands.js';
import { PlanClient } from './stream/testing/plan-client.js';
import { firstIterations, wireFinish, wireStart } from './stream/testing/wire-run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bad = join(root, 'test/fixtures/bad-plugins');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The compiled command, as a person runs it. */
function advisor(...args: string[]) {
  return execa('node', [join(root, 'dist/src/main.js'), ...args], { reject: false });
}

function file(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, ['version: 1', ...lines].join('\n'));
  return path;
}

const freePorts = [
  'server: { address: "127.0.0.1:0" }',
  'operator: { address: "127.0.0.1:0" }',
  'http: { address: "127.0.0.1:0" }',
];

it('config check: takes a key of the release before, and says what it is called now', async () => {
  const config = file('former.yaml', 'storage: { look_every_ms: 1000 }');
  const { exitCode, stdout, stderr } = await advisor('config', 'check', config);
  expect(stderr).toContain('former.yaml:2: storage.look_every_ms is called `analyse_every_ms` now');
  expect(stdout).toContain('former.yaml: valid');
  expect(exitCode).toBe(0);
});

it('config check: finds the committed configuration valid', async () => {
  const { exitCode, stdout } = await advisor('config', 'check', join(root, 'config/host.yaml'));
  expect(stdout).toContain('host.yaml: valid');
  expect(exitCode).toBe(0);
});

it('a command by its name of the release before: does it, and says on standard error what it is called now', async () => {
  const config = join(root, 'config/host.yaml');
  const { exitCode, stdout, stderr } = await advisor('check', config);
  expect(stderr).toBe(
    '`dh-advisor check` is called `dh-advisor config check` now; the former name is taken in this release only.',
  );
  expect(stdout).toContain('host.yaml: valid');
  expect(exitCode).toBe(0);
  const help = await advisor('help', 'label');
  expect(help.stdout).toMatch(/^Usage: dh-advisor model label .*<model> <label> <version>/);
});

it('a group without one of its commands: says which there are, and fails', async () => {
  const { exitCode, stderr } = await advisor('role');
  expect(stderr).toMatch(/Usage: dh-advisor role .* use .* on .* off /s);
  expect(exitCode).toBe(1);
});

it('config check: names faults of the file, each with its line, and fails', async () => {
  const path = file('faults.yaml', 'http: { address: here }', 'rolls: {}');
  const { exitCode, stderr } = await advisor('config', 'check', path);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${path}:2: http.address must be HOST:PORT`);
  expect(stderr).toContain(`${path}:3: rolls is not a known key`);
});

it.each([
  ['wrong-sdk', 5],
  ['bad-schema', 5],
  ['throwing-factory', 5],
  ['hanging-factory', 5],
])('config check: names the plugin fault %s at its line', async (plugin, line) => {
  const path = file(
    `${plugin}.yaml`,
    `plugins: { directories: ["${bad}"], load_timeout_ms: 200 }`,
    'roles:',
    '  early-stopping:',
    `    plugin: ${plugin}`,
  );
  const { faults } = await check(path);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`${path}:${line}: roles.early-stopping.plugin Plugin \`${plugin}\``);
});

it('config check: names folders and packages of plugins that cannot be read', async () => {
  const path = file(
    'places.yaml',
    'plugins:',
    '  directories:',
    '    - nowhere',
    `    - "${join(root, 'package.json')}"`,
    '  packages: [no-such-plugin]',
  );
  const { faults } = await check(path);
  expect(faults).toEqual([
    expect.stringMatching(
      /places\.yaml:4: plugins\.directories\[0\] The folder of plugins .*nowhere/,
    ),
    expect.stringMatching(
      /places\.yaml:5: plugins\.directories\[1\] The folder of plugins .*ENOTDIR/,
    ),
    expect.stringMatching(/places\.yaml:6: plugins\.packages\[0\] no-such-plugin/),
  ]);
});

it('config check: names a label without a ready version, and the plugin that has no model', async () => {
  const path = file(
    'models.yaml',
    'models:',
    `  directory: "${join(root, 'test/fixtures/models')}"`,
    '  labels:',
    '    convergence:',
    '      canary: "1"',
    '      stable: "9"',
    'roles:',
    '  early-stopping:',
    '    plugin: convergence',
  );
  const { exitCode, stderr } = await advisor('config', 'check', path);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${path}:7: models.labels.convergence.stable Label \`stable\``);
  expect(stderr).toContain(`${path}:10: roles.early-stopping.plugin Plugin \`convergence\``);
  expect(stderr).not.toContain('labels.convergence.canary');
});

it('config diff: says what two files mean differently', async () => {
  const a = file('a.yaml', 'server: { drain_ms: 10000 }');
  const b = file('b.yaml', 'roles: { early-stopping: { plugin: plateau } }');
  expect((await advisor('config', 'diff', a, b)).stdout).toBe(
    'roles.early-stopping.plugin: "off" -> "plateau"',
  );
});

it('serve: refuses a faulty file with one message, not a stack', async () => {
  const { exitCode, stderr } = await advisor('serve', '--config', join(folder, 'none.yaml'));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/none\.yaml.*cannot be read/);
  expect(stderr).not.toContain('    at ');
});

it('serve: says so when its port is taken', async () => {
  const path = file('taken.yaml', ...freePorts);
  const first = execa('node', [join(root, 'dist/src/main.js'), 'serve', '-c', path]);
  const address = await readyAddress(first);
  const { exitCode, stderr } = await advisor('serve', '-c', path, '--listen', address);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('address already in use');
  first.kill('SIGTERM');
  await first;
});

it('serve: prints one ready line with the port it got, and stops on SIGTERM', async () => {
  const host = execa('node', [
    join(root, 'dist/src/main.js'),
    'serve',
    '-c',
    file('serve.yaml', ...freePorts, 'logging: { level: error }'),
    '--listen',
    'localhost:0',
  ]);
  expect(await readyAddress(host)).toMatch(/^localhost:[1-9]\d+$/);
  host.kill('SIGTERM');
  const { exitCode, stdout } = await host;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('"msg":"stopped"');
});

function faultyHost(fault: string) {
  const directory = join(root, 'test/fixtures/faulty-plugins');
  const path = file(
    `${fault}.yaml`,
    ...freePorts,
    // What it costs a host where plugins run in its own process.
    `plugins: { directories: ["${directory}"], isolation: { default: inline } }`,
    `roles: { early-stopping: { plugin: faulty-stopping, settings: { fault: ${fault} } } }`,
  );
  return execa('node', [join(root, 'dist/src/main.js'), 'serve', '-c', path], { reject: false });
}

it('serve: outlives a promise that a plugin rejects and nobody waits for', async () => {
  const host = faultyHost('stray-rejection');
  const client = new PlanClient(await readyAddress(host));
  await client.ask(wireStart());
  expect((await client.play(firstIterations(3))).at(-1)?.iteration?.iteration).toBe(2);
  expect((await client.ask(wireFinish))?.summary).toBeDefined();
  host.kill('SIGTERM');
  const { exitCode, stdout } = await host;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('nobody waits for this');
});

it('serve: drains and fails when a plugin throws where nobody can catch', async () => {
  const host = faultyHost('stray-throw');
  const client = new PlanClient(await readyAddress(host));
  await client.ask(wireStart());
  await client.play(firstIterations(1));
  expect((await client.next())?.notice?.text).toContain('going away');
  expect((await client.ask(wireFinish))?.summary).toBeDefined();
  const { exitCode, stdout } = await host;
  expect(exitCode).toBe(1);
  expect(stdout).toContain('nobody catches this');
});

it('knows its help and its version', async () => {
  expect((await advisor('--help')).stdout).toContain('serve');
  expect((await advisor('--version')).stdout).toMatch(/^\d+\.\d+\.\d+$/);
});

/** Address in the ready line. */
function readyAddress({
  stdout,
}: {
  readonly stdout: NodeJS.ReadableStream | null;
}): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((row) => row.includes('"msg":"serving"'));
      if (line !== undefined) resolve((JSON.parse(line) as { address: string }).address);
    });
    stdout?.on('end', () => reject(new Error(`the host ended before it served: ${text}`)));
  });
}
