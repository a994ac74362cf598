// What a plugin does in a process of its own leaves the host as it is: every plan is what it would be without advice of its role, the host
// ends when it is told to, and no process is left behind.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, type PlanResult } from '../support/rtmodel.js';

const phantom = new PhantomCase();
let off: PlanResult;
let host: HostProcess | undefined;

beforeAll(async () => {
  await phantom.create();
  off = await phantom.optimize();
});
afterEach(() => host?.stop());
afterAll(() => phantom.dispose());

async function start(plugin: string, settings: string, deadlineMs = 10_000): Promise<HostProcess> {
  const roles = `  early-stopping: { plugin: ${plugin}, settings: ${settings}, deadline_ms: ${deadlineMs} }\n`;
  const directories = `['${root}test/fixtures/isolated-plugins', '${root}test/fixtures/faulty-plugins']`;
  const isolation = `{ hang_ms: 1500, memory_mb: 300, python: '${root}.venv/bin/python' }`;
  const plugins = `{ directories: ${directories}, load_timeout_ms: 5000, isolation: ${isolation} }`;
  host = new HostProcess(roles, '', {}, 'watchdog_ms: 1000', '', plugins);
  return host.start();
}

async function plan(running: HostProcess): Promise<void> {
  const result = await phantom.optimize([`--advisor=${running.address}`, ...PATIENT_CLIENT]);
  expect(result.final_weights).toEqual(off.final_weights);
  expect(result.advice.status).toBe('ok');
}

/** Processes that a process has started. */
function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** One that nobody has asked for its end yet counts as gone. */
function isGone(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

it.each([
  'stray-throws',
  'loop-for-ever',
  'exit',
  'crash',
  'overflow-the-stack',
  'stray-rejection',
])(
  '`%s`: two plans end as without advice, and SIGTERM ends the host with 0',
  async (fault) => {
    const running = await start('faulty-stopping', `{ fault: ${fault} }`);
    await plan(running);
    await plan(running);
    running.signal('SIGTERM');
    expect(await running.ended()).toEqual({ exitCode: 0, signal: undefined });
  },
  60_000,
);

it.each(['exit-while-starting', 'loop-while-starting', 'reject-while-starting'])(
  '`%s`: the host serves',
  async (fault) => {
    const running = await start('faulty-stopping', `{ fault: ${fault} }`);
    await plan(running);
    running.signal('SIGTERM');
    expect(await running.ended()).toEqual({ exitCode: 0, signal: undefined });
  },
);

it.each(['faulty-process', 'faulty-process-python'])(
  'a `%s` that loops does not outlive a host that is killed',
  async (plugin) => {
    const marker = join(phantom.folder, plugin);
    const running = await start(plugin, `{ fault: loop, marker: '${marker}' }`, 200);
    const [child = 0, ...more] = childrenOf(running.pid).filter((pid) => !isGone(pid));
    expect(child).toBeGreaterThan(0);
    expect(more).toEqual([]);
    const planning = plan(running).catch(() => undefined);
    while (!existsSync(marker)) await delay(20);
    await running.crash();
    while (!isGone(child)) await delay(50);
    await planning;
    host = undefined;
  },
);
