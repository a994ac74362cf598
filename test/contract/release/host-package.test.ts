// The host as it is released, in a folder of its own: configured, served and asked. `scripts/release --verify` does the same with the tarball,
// on every Node version that is supported.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  isFor,
  isNeeded,
  thisPlatform,
  unpackHost,
  writeBillOfMaterials,
} from '../../../scripts/packaging/host-package.mjs';
import { InstalledHost, onFreePorts } from '../../../scripts/packaging/verify/installed-host.mjs';
import { root } from '../../support/doc-examples.js';
import { PlanClient } from '../stream/testing/plan-client.js';
import { stoppingOutcomes } from '../stream/testing/stopping-outcomes.js';

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-released-'));

/** Some seven thousand files are written and removed, on a disk that other tests use, too. */
const PATIENCE_MS = 180_000;

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }), PATIENCE_MS);

const host = new InstalledHost(folder, dirname(process.execPath));
beforeAll(async () => {
  const unpacked = join(folder, 'unpacked');
  await unpackHost({ root, into: unpacked });
  await host.install(unpacked);
}, PATIENCE_MS);

describe('the host as it is installed', () => {
  it('takes less than 150 MB', async () => {
    expect(await host.installedMb()).toBeLessThan(150);
  });

  it('has the runtimes of this platform alone, and no install scripts', async () => {
    const { stdout } = await host.run('find', [
      '-L',
      host.package,
      '-name',
      '*.node',
      '-o',
      '-name',
      '*.so*',
      '-o',
      '-name',
      '*.d*l*',
    ]);
    const binaries = stdout.split('\n').filter((path) => /\.(node|so|dll|dylib)(\.|$)/.test(path));
    expect(binaries.length).toBeGreaterThanOrEqual(3);
    expect(binaries.filter((path) => /darwin|win32|musl/.test(path))).toEqual([]);
    const { stdout: scripts } = await host.run('npm', ['query', ':attr(scripts, [postinstall])'], {
      cwd: host.package,
    });
    expect(JSON.parse(scripts)).toEqual([]);
  });

  it('has a bill of materials of what it is made of', async () => {
    const sbom = join(folder, 'dh-advisor.cdx.json');
    await writeBillOfMaterials(host.package, sbom);
    const { components } = JSON.parse(readFileSync(sbom, 'utf8')) as {
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const listed = components.map(({ name, version }) => `${name}@${version}`);
    const tested = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
    expect(listed).toEqual(expect.arrayContaining(tested));
    expect(listed.filter((name) => /vitest|typescript|musl/.test(name))).toEqual([]);
  });

  it(
    'writes a configuration, serves it, advises a plan and stops all advice',
    async () => {
      await host.advisor('init', 'mine');
      const config = join(folder, 'mine/host.yaml');
      expect((await host.advisor('config', 'check', config)).stdout).toBe(`${config}: valid`);
      onFreePorts(config);
      await host.serve(config);
      onTestFinished(async () => {
        expect(await host.stop()).toBe(0);
      });
      expect(await host.isHealthy()).toBe(true);
      const client = new PlanClient(host.address ?? '');
      onTestFinished(() => client.cancel());
      expect(await stoppingOutcomes(client, 3)).toEqual(Array(3).fill('applied'));
      await host.advisor('stop-advice', '--as', 'a-test', '--reason', 'a try');
      expect((await host.advisor('status')).stdout).toMatch(/stopped/i);
    },
    PATIENCE_MS,
  );
});

describe('what goes along', () => {
  const here = { os: 'linux', cpu: 'x64', libc: 'glibc' };

  it.each([
    ['onnxruntime-node', 'bin/napi-v6/linux/x64/onnxruntime_binding.node', true],
    ['onnxruntime-node', 'bin/napi-v6/linux', true],
    ['onnxruntime-node', 'bin/napi-v6', true],
    ['onnxruntime-node', 'bin/napi-v6/linux/arm64/onnxruntime_binding.node', false],
    ['onnxruntime-node', 'bin/napi-v6/win32', false],
    ['onnxruntime-node', 'dist/index.js', true],
    ['other', 'bin/napi-v6/win32/x64/other.node', true],
    ['other', 'index.d.ts', false],
    ['other', 'index.js.map', false],
    ['other', 'src/index.ts', false],
    ['other', 'LICENSE', true],
    ['other', 'deps/binding.gyp', false],
    ['other', 'CHANGELOG.md', false],
    ['other', 'README.md', true],
    ['zod', 'index.d.cts', true],
    ['zod', 'src/v4/index.ts', false],
  ])('%s %s: %s', (name, path, goes) => {
    expect(isNeeded(name, path, here)).toBe(goes);
  });

  it.each([
    [{ name: 'any' }, true],
    [{ name: 'a', os: ['linux'], cpu: ['x64'] }, true],
    [{ name: 'a', os: ['darwin'] }, false],
    [{ name: 'a', cpu: ['arm64'] }, false],
    [{ name: 'a', libc: ['musl'] }, false],
    [{ name: '@libsql/linux-x64-musl', os: ['linux'], cpu: ['x64'] }, false],
    [{ name: '@libsql/linux-x64-gnu', os: ['linux'], cpu: ['x64'] }, true],
  ])('%j: %s', (manifest, goes) => {
    expect(isFor(here, manifest)).toBe(goes);
  });
});

it('has npm refuse it on a platform that it was not made for', () => {
  const manifest = JSON.parse(readFileSync(join(host.package, 'package.json'), 'utf8'));
  const { os, cpu, libc } = thisPlatform();
  expect([manifest.os, manifest.cpu, manifest.libc]).toEqual([[os], [cpu], libc && [libc]]);
});
