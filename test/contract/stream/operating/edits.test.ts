// Edits of the file of a running host, the ways that editors, deployments and clusters make them.
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { early, startLiveHost, temporaryFolder } from '../testing/live-host.js';
import { until } from '../testing/test-host.js';
import { wireStart } from '../testing/wire-run.js';

const off = early('off');
const on = early('objective-floor');

type LiveHost = Awaited<ReturnType<typeof startLiveHost>>;

async function arrives(host: LiveHost, generation: number, plugin: string) {
  await until(() => host.live.current().generation === generation);
  expect(host.live.current().roles['early-stopping'].plugin).toBe(plugin);
  const accepted = (await host.client().ask(wireStart()))?.accepted;
  expect(accepted?.configurationGeneration).toBe(generation);
  expect(accepted?.bindings?.[5]?.plugin ?? '').toBe(plugin === 'off' ? '' : plugin);
}

describe('an edit takes effect', () => {
  it('in place', async () => {
    const host = await startLiveHost({ yaml: off });
    host.write(on);
    await arrives(host, 2, 'objective-floor');
    expect(host.live.generations()[0]).toMatchObject({ via: 'file', what: 'edit of the file' });
    expect(host.live.textOf(2)).toBe(host.text());
    expect(host.live.textOf(1)).toContain('plugin: off');
  });

  it('by a rename over the file', async () => {
    const host = await startLiveHost({ yaml: off });
    const beside = join(host.folder, 'host.yaml.tmp');
    writeFileSync(beside, host.text().replace(off, on));
    renameSync(beside, host.file);
    await arrives(host, 2, 'objective-floor');
  });

  it('by a swap of the folder behind a symbolic link, as a ConfigMap is updated', async () => {
    const folder = temporaryFolder();
    const first = await startLiveHost({ folder, yaml: off });
    await first.stop();
    const text = readFileSync(first.file, 'utf8');
    for (const [name, yaml] of [
      ['..1', off],
      ['..2', on],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'host.yaml'), text.replace(off, yaml));
    }
    unlinkSync(first.file);
    symlinkSync('..1', join(folder, '..data'));
    symlinkSync('..data/host.yaml', first.file);
    const host = await startLiveHost({ folder });
    symlinkSync('..2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await arrives(host, 2, 'objective-floor');
    // A change by a command goes to the file behind the links, and the links stay.
    await host.change({ kind: 'disable', role: 'early-stopping' });
    expect(readFileSync(join(folder, '..2', 'host.yaml'), 'utf8')).toContain('plugin: off');
    await arrives(host, 3, 'off');
  });
});

it('keeps the last good one while the file is gone, and takes it when it is back', async () => {
  const host = await startLiveHost({ yaml: off });
  const text = host.text();
  rmSync(host.file);
  await until(() => host.live.refusals().length === 1);
  expect(host.live.refusals()[0]).toMatchObject({ code: 'config-missing', via: 'file' });
  await expect(host.change({ kind: 'reload' })).rejects.toMatchObject({ code: 'config-missing' });
  expect((await host.client().ask(wireStart()))?.accepted?.configurationGeneration).toBe(1);
  writeFileSync(host.file, text);
  await until(() => host.log.lines.some(({ message }) => message.includes('in force again')));
  expect(host.live.current().generation).toBe(1);
  rmSync(host.file);
  await until(() => host.live.refusals().filter(({ via }) => via === 'file').length === 2);
  writeFileSync(host.file, text.replace(off, on));
  await arrives(host, 2, 'objective-floor');
});

it('reports a file that is half written, and takes it when it is whole', async () => {
  const host = await startLiveHost({ yaml: off });
  host.write('roles:\n  early-stopping: { plugin: obj');
  await until(() => host.live.refusals().length === 1);
  expect(host.live.refusals()[0]?.problem).toMatch(/host\.yaml:6: is not valid YAML/);
  expect(host.live.current().generation).toBe(1);
  host.write(on);
  await arrives(host, 2, 'objective-floor');
});

it('reports what cannot be put into service, once, with file, line and path, and counts it', async () => {
  const host = await startLiveHost({ yaml: off });
  host.write(early('nowhere'));
  await until(() => host.live.refusals().length === 1);
  expect(host.live.refusals()[0]?.problem).toMatch(
    /host\.yaml:7: roles\.early-stopping\.plugin .*`nowhere`.*\(plugin-not-found\)/,
  );
  const logged = host.log.lines.filter(({ message }) => message.includes('last good one stays'));
  expect(logged).toHaveLength(1);
  const metrics = await (await fetch(`http://${host.httpAddress}/metrics`)).text();
  expect(metrics).toContain('dh_advisor_config_reload_total{result="refused"} 1');
  expect((await host.client().ask(wireStart()))?.accepted?.configurationGeneration).toBe(1);
});

it('an edit of comments alone is a generation of its own, so that the text is kept', async () => {
  const host = await startLiveHost({ yaml: off });
  host.write(`# looked at\n${off}`);
  await until(() => host.live.current().generation === 2);
  expect(host.live.generations()[0]?.differences).toEqual([]);
  await host.change({
    kind: 'use',
    role: 'early-stopping',
    plugin: 'objective-floor',
    pluginVersion: undefined,
    model: undefined,
  });
  expect(host.text()).toContain('# looked at');
});
