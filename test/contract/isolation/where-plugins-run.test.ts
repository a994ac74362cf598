// Which plugins run in processes of their own, and what people see of it.
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { PluginState } from '../../../src/domain/operations/role-board.js';
import { type TestConfigOptions, testConfig } from '../../../src/domain/testing/test-config.js';
import { fixtureFolder, startTestHost, type TestHost, until } from '../stream/testing/test-host.js';
import { isBack, linesOf, SteppedPlan, startFaulty } from './testing/faulty-host.js';

async function pluginOf(host: TestHost, id: string): Promise<PluginState | undefined> {
  const response = await fetch(`http://${host.httpAddress}/api/plugins`);
  return ((await response.json()) as readonly PluginState[]).find((plugin) => plugin.id === id);
}

it.each<[string, string, TestConfigOptions['isolation'], string]>([
  ['that comes with the host', 'objective-floor', { default: 'process' }, 'inline'],
  ['named under `process`', 'objective-floor', { process: ['objective-floor'] }, 'process'],
  ['of a third party', 'faulty-process', { default: 'process' }, 'process'],
  [
    'named under `inline`',
    'faulty-process',
    { default: 'process', inline: ['faulty-process'] },
    'inline',
  ],
  ['of a third party, all inline', 'faulty-process', { default: 'inline' }, 'inline'],
])('a plugin %s', async (_, plugin, isolation, where) => {
  const host = await startTestHost({
    directories: [fixtureFolder('isolated-plugins')],
    roles: { 'early-stopping': { plugin } },
    isolation: isolation ?? {},
  });
  expect((await pluginOf(host, plugin))?.isolation).toBe(where);
});

it('tells how often a process was started again, and why', async () => {
  const host = await startFaulty('faulty-process', { fault: 'exit', iteration: 1 });
  expect(await host.metric('dh_advisor_plugin_processes', 'plugin="faulty-process"')).toBe(1);
  const plan = await SteppedPlan.open(host);
  await plan.outcomes(2);
  await isBack(host);
  const state = await pluginOf(host, 'faulty-process');
  expect(state).toMatchObject({ restarts: 1, lastEnd: expect.stringMatching(/status 7/) });
  expect(
    await host.metric('dh_advisor_plugin_process_restarts_total', 'plugin="faulty-process"'),
  ).toBe(1);
});

it('is not started again from other code than plans were opened with', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dh-advisor-changed-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(fixtureFolder('isolated-plugins/faulty-process'), join(folder, 'faulty-process'), {
    recursive: true,
  });
  const settings = { fault: 'exit' };
  const host = await startTestHost(
    testConfig({
      directories: [folder],
      roles: { 'early-stopping': { plugin: 'faulty-process', settings, deadlineMs: 20_000 } },
      isolation: { default: 'process' },
    }),
  );
  const plan = await SteppedPlan.open(host);
  writeFileSync(join(folder, 'faulty-process', 'table.json'), '{}');
  expect(await plan.outcome()).toBe('failed plugin-process-ended');
  const isRefused = () =>
    linesOf(host, 'the process of a plugin has ended').some(({ fields }) =>
      /have changed since its process was started/.test(String(fields['reason'])),
    );
  await until(isRefused);
  expect(await plan.outcome()).toBe('default plugin-restarting');
});
