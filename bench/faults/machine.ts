import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { FaultHost } from './fault-host.js';
import { planMessages } from './network/plan-messages.js';
import { endOf, RawClient } from './network/raw-client.js';
import type { FaultRow } from './summary.js';

const WITHIN_MS = 60_000;
const PLANS = 8;

interface Readiness {
  readonly storage?: { readonly journals?: string };
}

/** A plan as bytes, message by message: whether it was answered to its end. */
async function playPlan(address: string): Promise<string | undefined> {
  const client = new RawClient(address);
  const call = client.open();
  let answers = 0;
  call.on('data', () => {
    answers += 1;
  });
  const ended = endOf(call, WITHIN_MS);
  const messages = planMessages();
  for (const message of messages) call.write(message);
  const end = await ended;
  client.close();
  // All but two ends of stages are answered.
  const expected = messages.length - 2;
  if (end?.code === 0 && answers === expected) return undefined;
  return `a plan ended with ${end?.code} ${end?.details} after ${answers} of ${expected} answers`;
}

async function playPlans(address: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (let n = 0; n < PLANS; n += 1) {
    const problem = await playPlan(address);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

async function readiness({ httpAddress }: FaultHost): Promise<Readiness> {
  return (await (await fetch(`http://${httpAddress}/readyz`)).json()) as Readiness;
}

/** Whether health says so by then. */
async function saysJournals(host: FaultHost, state: string): Promise<boolean> {
  const untilMs = performance.now() + WITHIN_MS;
  while (performance.now() < untilMs) {
    if ((await readiness(host)).storage?.journals === state) return true;
    await pause(200);
  }
  return false;
}

type Trouble = {
  readonly name: string;
  /** Makes it; what undoes it, or why this machine cannot make it. */
  readonly begin: (host: FaultHost, folder: string) => Promise<(() => Promise<void>) | string>;
  /** Health says that journals are not written. */
  readonly isSeen: boolean;
};

const FOLDER = 'journals';

const TROUBLES: readonly Trouble[] = [
  {
    name: 'the disk is full',
    // No file may become longer: what a full disk is to this process, and to no other.
    begin: async ({ pid }) => {
      await execa('prlimit', ['--pid', String(pid), '--fsize=0:unlimited']);
      return async () => {
        await execa('prlimit', ['--pid', String(pid), '--fsize=unlimited:unlimited']);
      };
    },
    isSeen: true,
  },
  {
    name: 'the folder of journals is read-only',
    begin: async (_host, folder) => {
      const path = join(folder, FOLDER);
      mkdirSync(path, { recursive: true });
      const made = await execa('chattr', ['+i', path], { reject: false });
      if (made.exitCode !== 0) return 'chattr +i is not allowed on this file system';
      return async () => {
        await execa('chattr', ['-i', path]);
      };
    },
    isSeen: true,
  },
  {
    name: 'file handles are gone',
    begin: async (host) => {
      const { handles } = host.usage();
      // The soft limit alone, so that it can be raised again.
      await execa('prlimit', ['--pid', String(host.pid), `--nofile=${handles}:`]);
      return async () => {
        await execa('prlimit', ['--pid', String(host.pid), '--nofile=4096:']);
      };
    },
    isSeen: false,
  },
];

async function tryTrouble(folder: string, { name, begin, isSeen }: Trouble): Promise<FaultRow> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const host = await FaultHost.start(folder, { more: `journals: { directory: ${FOLDER} }` });
  const problems: string[] = [];
  try {
    problems.push(...(await playPlans(host.address)));
    // Open before it begins, and answered while it lasts.
    const client = new RawClient(host.address);
    const call = client.open();
    call.on('data', () => undefined);
    const ended = endOf(call, WITHIN_MS);
    const messages = planMessages();
    for (const message of messages.slice(0, 3)) call.write(message);
    await pause(500);
    const end = await begin(host, folder);
    if (typeof end === 'string') {
      client.close();
      return { name: `machine: ${name}`, runs: 0, failures: 0, note: `not made: ${end}` };
    }
    for (const message of messages.slice(3)) call.write(message);
    const status = await ended;
    client.close();
    if (status?.code !== 0) problems.push(`the open plan ended with ${status?.code}`);
    if (isSeen) {
      problems.push(...(await playPlans(host.address)));
      if (!(await saysJournals(host, 'failing'))) problems.push('health says nothing of it');
    } else {
      // Nobody new can come; that must not be the end of the host.
      await Promise.all(Array.from({ length: 4 }, () => playPlan(host.address)));
    }
    if (!host.isThere) problems.push('the host has ended');
    await end();
    problems.push(...(await playPlans(host.address)));
    if (!(await saysJournals(host, 'ok'))) problems.push('health does not say that it is over');
  } catch (thrown) {
    problems.push(thrown instanceof Error ? thrown.message : String(thrown));
  } finally {
    await host.kill();
  }
  const first = problems.length === 0 ? '' : `; first: ${problems[0]}`;
  const note = `plans before, one open meanwhile, and after; ${isSeen ? 'plans while it lasted; health said so' : 'the host stayed'}${first}`;
  return { name: `machine: ${name}`, runs: 2 * PLANS + 1, failures: problems.length, note };
}

/** A plugin's process that takes memory without end: it alone is killed, and plans go on. */
async function tryHungryChild(folder: string): Promise<FaultRow> {
  mkdirSync(folder, { recursive: true });
  const plugins = resolve('test/fixtures/isolated-plugins');
  const settings = 'fault: buffers, phase: advise, iteration: 1';
  const host = await FaultHost.start(folder, {
    more: `plugins: { directories: ['${plugins}'], isolation: { memory_mb: 256 } }`,
    roles: `  initialization: { plugin: uniform }
  early-stopping: { plugin: faulty-process, deadline_ms: 200, settings: { ${settings} } }
`,
  });
  const problems = [...(await playPlans(host.address))];
  const { mb } = host.usage();
  if (!host.isThere) problems.push('the host has ended');
  if (mb > 600) problems.push(`the host has ${mb.toFixed(0)} MB`);
  await host.stop();
  const first = problems.length === 0 ? '' : `; first: ${problems[0]}`;
  return {
    name: "machine: a plugin's process takes memory without end",
    runs: PLANS,
    failures: problems.length,
    note: `the host has ${mb.toFixed(0)} MB${first}`,
  };
}

export async function tryMachine(folder: string): Promise<readonly FaultRow[]> {
  const rows: FaultRow[] = [];
  for (const [index, trouble] of TROUBLES.entries()) {
    rows.push(await tryTrouble(join(folder, String(index)), trouble));
  }
  rows.push(await tryHungryChild(join(folder, 'child')));
  return rows;
}
