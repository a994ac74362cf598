// When the process of a plugin is ended and started again: its limits and its back-off, by a clock that is moved by hand. The other side
// of the pipe is what runs in a process, with a death that a test decides on.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FakeLog } from '../../domain/testing/fakes.js';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import { FakeClock, FakeInference } from '../../plugin-sdk/testing/index.js';
import { readPlugin } from '../plugins/plugin-discovery.js';
import { PluginChild } from './child/plugin-child.js';
import { HostedModels } from './hosted-models.js';
import type { PluginProcess, PluginProcessEvents } from './plugin-process.js';
import { loadPluginProtocol } from './plugin-protocol.js';
import { SupervisedPlugin } from './supervised-plugin.js';

const path = (of: string) => fileURLToPath(new URL(`../../../${of}`, import.meta.url));
const protocol = loadPluginProtocol(path('proto'));
const HANG_MS = 5000;
const MEMORY_MB = 100;

/** A process in name: its end, its silence and its memory are the test's. */
class NamedProcess implements PluginProcess {
  readonly pid = 1;
  readonly events: PluginProcessEvents;
  isSilent = false;
  memory = 0;
  waiting = 0;
  isKilled = false;
  readonly pipe;

  constructor(events: PluginProcessEvents, clock: FakeClock) {
    this.events = events;
    const answer = { cork: () => undefined, uncork: () => undefined };
    const child = new PluginChild({
      send: (message) =>
        protocol.toHost.send({ ...answer, write: (part) => this.#say(part) }, message),
      clock,
      random: seededRandom,
      memoryBytes: () => this.memory,
      running: () => [],
      onClosed: () => this.end('it was closed'),
    });
    const read = protocol.toPlugin.reader((message) => child.handle(message));
    this.pipe = {
      ...answer,
      write: (part: Uint8Array) => (this.isSilent ? undefined : read(Buffer.from(part))),
    };
  }

  #say(part: Uint8Array): void {
    if (!this.isSilent) this.events.onData(Buffer.from(part));
  }

  waitingBytes = () => this.waiting;
  memoryBytes = () => this.memory;

  kill(): void {
    this.isKilled = true;
    this.end('it was ended by SIGKILL');
  }

  end(problem: string): void {
    this.isSilent = true;
    this.events.onExit(problem);
  }
}

/** Lets everything happen that needs no time to pass. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

const isBack = async (plugin: SupervisedPlugin) => {
  while (!plugin.state.isRunning) await new Promise(setImmediate);
};

async function started() {
  const clock = new FakeClock();
  const log = new FakeLog();
  const processes: NamedProcess[] = [];
  const folder = path('test/fixtures/isolated-plugins/faulty-process');
  const found = readPlugin(folder);
  const problems: Error[] = [];
  const plugin = new SupervisedPlugin({
    clock,
    log,
    protocol,
    start: (_, events) => {
      const named = new NamedProcess(events, clock);
      processes.push(named);
      return named;
    },
    spec: { manifest: found.manifest, folder, python: 'python3', memoryMb: MEMORY_MB },
    load: {
      folder,
      manifestJson: JSON.stringify(found.written),
      settingsJson: '{}',
      role: 'early-stopping',
    },
    role: 'early-stopping',
    hangMs: HANG_MS,
    loadTimeoutMs: 1000,
    historyIterations: 16,
    models: new HostedModels(new FakeInference()),
    checkCode: async () => {
      const problem = problems.shift();
      if (problem !== undefined) throw problem;
    },
  });
  await plugin.start();
  const last = () => processes.at(-1) as NamedProcess;
  return { clock, log, plugin, processes, problems, last };
}

it('waits longer before each restart, and starts anew after a process that lived', async () => {
  const { clock, processes, last, plugin } = await started();
  for (const [index, waitMs] of [250, 500, 1000, 2000].entries()) {
    last().end('a test');
    clock.advance(waitMs - 1);
    await settle();
    expect(processes).toHaveLength(index + 1);
    clock.advance(1);
    await isBack(plugin);
    expect(processes).toHaveLength(index + 2);
  }
  expect(plugin.state).toMatchObject({ restarts: 4, isRunning: true, lastProblem: 'a test' });
  clock.advance(60_001);
  last().end('a test');
  clock.advance(250);
  await isBack(plugin);
  expect(processes).toHaveLength(6);
});

it('waits no longer than half a minute', async () => {
  const { clock, processes, last, plugin } = await started();
  for (let times = 0; times < 12; times += 1) {
    last().end('a test');
    clock.advance(30_000);
    await isBack(plugin);
  }
  expect(processes).toHaveLength(13);
});

it('is not started from code that is not what it was, and is as soon as it is again', async () => {
  const { clock, processes, problems, last, plugin } = await started();
  problems.push(new Error('it has changed'));
  last().end('a test');
  clock.advance(250);
  await settle();
  expect(processes).toHaveLength(1);
  expect(plugin.state.lastProblem).toBe('it has changed');
  clock.advance(500);
  await settle();
  expect(processes).toHaveLength(2);
});

it('ends a process that owes an answer for too long, and not one that owes none', async () => {
  const { clock, last } = await started();
  const first = last();
  clock.advance(250);
  first.isSilent = true;
  clock.advance(10 * HANG_MS);
  expect(first.isKilled).toBe(false);
  last().isSilent = false;
  const second = await started();
  second.last().isSilent = true;
  second.plugin.link?.send({ abort: { call: 1 } });
  second.clock.advance(HANG_MS);
  expect(second.last().isKilled).toBe(false);
  second.clock.advance(600);
  expect(second.last().isKilled).toBe(true);
  expect(second.plugin.state.lastProblem).toMatch(/hung for 5000 ms/);
});

it.each([
  ['takes too much memory', (named: NamedProcess) => (named.memory = 101 * 2 ** 20), /101 MB/],
  ['reads nothing', (named: NamedProcess) => (named.waiting = 2 ** 30), /does not read/],
])('ends a process that %s', async (_, spoil, reason) => {
  const { clock, last, plugin } = await started();
  clock.advance(250);
  expect(last().isKilled).toBe(false);
  spoil(last());
  clock.advance(250);
  expect(last().isKilled).toBe(true);
  expect(plugin.state.lastProblem).toMatch(reason);
});

it('lets a plugin print a hundred lines in ten seconds, and counts the others', async () => {
  const { clock, log, last, plugin } = await started();
  for (let line = 0; line < 150; line += 1) last().events.onPrinted(`line ${line}`);
  const printed = () => log.lines.filter(({ message }) => message === 'a plugin printed').length;
  expect(printed()).toBe(100);
  clock.advance(10_001);
  last().events.onPrinted('one more');
  expect(printed()).toBe(101);
  const told = log.lines.filter(({ message }) => message === 'a plugin wrote too many lines');
  expect(told[0]?.fields['dropped']).toBe(50);
  last().end('it ended with status 1');
  expect(plugin.state.lastProblem).toBe('it ended with status 1');
  const ended = log.lines.find(({ message }) => message === 'the process of a plugin has ended');
  expect(ended?.fields['printed']).toMatch(/one more$/);
});

it('ends a process that does not close, and waits for it', async () => {
  const { clock, last, plugin } = await started();
  last().isSilent = true;
  const disposed = plugin.dispose();
  await settle();
  clock.advance(5000);
  await disposed;
  expect(last().isKilled).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});
