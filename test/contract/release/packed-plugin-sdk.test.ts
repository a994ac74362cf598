// The plugin SDK as others get it: packed, and installed in a folder outside this checkout.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SDK_VERSION } from '../../../src/plugin-sdk/manifest.js';
import { root } from '../../support/doc-examples.js';
import { blocksOf } from '../../support/guide.js';
import { HostProcess } from '../../support/host-process.js';
import { packed, startRegistry } from '../../support/npm-registry.js';
import { PlanClient } from '../stream/testing/plan-client.js';
import { stoppingOutcomes } from '../stream/testing/stopping-outcomes.js';

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-packed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const sdk = join(root, 'src/plugin-sdk');
const read = (file: string) => readFileSync(join(sdk, file), 'utf8');
const manifest = JSON.parse(read('package.json'));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Of the page on the package. */
const files = blocksOf('src/plugin-sdk/README.md').flatMap(({ file, text }) =>
  file === undefined ? [] : [{ file, text }],
);

beforeAll(async () => {
  for (const { file, text } of files) write(join('plugins/iteration-limit', file), text);
  const registry = await startRegistry(Object.keys(manifest.dependencies));
  try {
    const install = ['install', '--prefix', folder, packed(sdk, folder)];
    await execa('npm', install, { cwd: folder, env: registry.environment });
  } finally {
    registry.stop();
  }
}, 90_000);

/** The compiler of this checkout, on the reader's configuration and their copy of the SDK. */
function compile(project: string) {
  const compiler = join(root, 'node_modules/.bin/tsc');
  const types = ['--typeRoots', join(root, 'node_modules/@types')];
  return execa(compiler, ['-p', join(folder, project), ...types], { reject: false, cwd: folder });
}

it('has the version that manifests are compared with, and the licence', () => {
  expect(manifest.version).toBe(SDK_VERSION);
  expect(read('LICENSE')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  expect(read('README.md')).toContain(`-${SDK_VERSION}.tgz`);
});

it('depends on what it imports, in the versions it is tested with', () => {
  const host = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    expect(host.dependencies[name], name).toBe(version);
  }
});

describe('a plugin in TypeScript with nothing but the package', () => {
  it('compiles, and keeps the contract', async () => {
    expect(files.map(({ file }) => file)).toEqual([
      'plugin.json',
      'index.mts',
      'tsconfig.json',
      'contract.test.mjs',
    ]);
    expect((await compile('plugins/iteration-limit')).stdout).toBe('');
    const cwd = join(folder, 'plugins/iteration-limit');
    const { stdout } = await execa('node', ['--test', 'contract.test.mjs'], { cwd });
    expect(stdout).toContain('# fail 0');
    expect(Number(/# pass (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(5);
  });

  it('is told by the compiler when its answer is not one of its role', async () => {
    const { text = '' } = files.find(({ file }) => file === 'index.mts') ?? {};
    write('wrong/index.mts', text.replace("'stop-level'", "'stop-everything'"));
    write('wrong/tsconfig.json', files.find(({ file }) => file === 'tsconfig.json')?.text ?? '');
    const { exitCode, stdout } = await compile('wrong');
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain('stop-everything');
  });
});

/** Throws another error at each iteration. */
const thrower = (specifier: string) => `
import { definePlugin, InvalidInput, ModelUnavailable, NotApplicable, RetryLater, z } from '${specifier}';

const errors = [RetryLater, InvalidInput, ModelUnavailable, Error, NotApplicable];
export const plugin = definePlugin({
  role: 'early-stopping',
  configSchema: z.strictObject({}),
  create: () => ({
    openSession: () => ({
      advise: ({ iteration }) => {
        throw new errors[iteration]('says so');
      },
    }),
  }),
});
`;

const hostConfig = (plugin: string) => `version: 1
server: { address: '127.0.0.1:0', drain_ms: 500 }
operator: { address: '127.0.0.1:0' }
http: { address: '127.0.0.1:0' }
plugins: { directories: ['${join(folder, 'throwers')}'] }
roles:
  early-stopping: { plugin: ${plugin}, deadline_ms: 10000 }
`;

describe.each([
  ['its own copy of the package', '@dh-advisor/plugin-sdk', 'thrower-of-copy'],
  ['the former name of the SDK', 'dh-advisor/plugin-sdk', 'thrower-of-host'],
])('a plugin with %s', (_, specifier, id) => {
  it('is loaded by a host, which recognises its errors', async () => {
    const about = { version: '0.1.0', sdk: '^1.0.0', role: 'early-stopping', stability: 'wip' };
    const said = { id, ...about, entry: 'index.mjs', description: 'Throws.' };
    write(`throwers/${id}/plugin.json`, JSON.stringify(said));
    write(`throwers/${id}/index.mjs`, thrower(specifier));
    if (id === 'thrower-of-host') symlinkSync(root, join(folder, 'node_modules/dh-advisor'));
    const host = new HostProcess('');
    writeFileSync(host.configFile, hostConfig(id));
    onTestFinished(async () => {
      await host.stop();
    });
    await host.start();
    const client = new PlanClient(host.address);
    onTestFinished(() => client.cancel());
    expect(await stoppingOutcomes(client, 5)).toEqual([
      'default retry-later',
      'default invalid-input',
      'failed model-unavailable',
      'failed plugin-error',
      'default not-applicable',
    ]);
  });
});
