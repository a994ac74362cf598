import { EventEmitter } from 'node:events';
import { beforeEach, expect, it } from 'vitest';
import { FakeLog } from '../../domain/testing/fakes.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { ENDING_SIGNALS, ProcessLife } from './process-life.js';

class FakeProcess extends EventEmitter {
  exitCode: number | undefined;
  readonly exits: number[] = [];

  exit(code: number): void {
    this.exits.push(code);
    this.emit('exit', code);
  }
}

const settled = () => new Promise(setImmediate);

let process: FakeProcess;
let lifecycle: FakeLog;
let clock: FakeClock;
let stops: { resolve: () => void; reject: (thrown: unknown) => void }[];
let life: ProcessLife;

beforeEach(() => {
  process = new FakeProcess();
  lifecycle = new FakeLog();
  clock = new FakeClock();
  stops = [];
  life = new ProcessLife({
    process: process as unknown as NodeJS.Process,
    lifecycle,
    suspect: (stack = '') => (stack.includes('ended from inside') ? 'spin' : undefined),
    schedule: (delayMs, callback) => clock.schedule(delayMs, callback),
  });
  life.watch();
});

function serve(): void {
  life.serving({
    stop: () => new Promise((resolve, reject) => stops.push({ resolve, reject })),
    stopWithinMs: () => 1000,
  });
}

const said = () => lifecycle.lines.map(({ message }) => message);

it.each(ENDING_SIGNALS)(
  '%s drains, then ends the process whatever is still open in it',
  async (signal) => {
    serve();
    process.emit(signal);
    expect(said()).toEqual(['draining']);
    expect(process.exits).toEqual([]);
    stops[0]?.resolve();
    await settled();
    expect(said()).toEqual(['draining', 'stopped']);
    expect(process.exits).toEqual([0]);
  },
);

it('a throw nobody caught drains, and further throws do not cut the drain short', async () => {
  serve();
  process.emit('uncaughtException', new Error('first'));
  process.emit('uncaughtException', new Error('second'));
  process.emit('uncaughtException', new Error('third'));
  expect(stops).toHaveLength(1);
  expect(process.exits).toEqual([]);
  stops[0]?.resolve();
  await settled();
  expect(process.exits).toEqual([1]);
});

it('a rejection nobody waited for costs a line in the log, also before the host serves', () => {
  process.emit('unhandledRejection', new Error('forgotten await'));
  serve();
  process.emit('unhandledRejection', 'not even an error');
  expect(said()).toEqual(['a rejection nobody waited for', 'a rejection nobody waited for']);
  expect(process.exits).toEqual([]);
});

it('ends with a reason when stopping fails or takes for ever', async () => {
  serve();
  process.emit('SIGTERM');
  stops[0]?.reject(new Error('a part failed'));
  await settled();
  expect(said()).toContain('stopped with an error');
  expect(process.exits).toEqual([1]);
});

it('ends when stopping takes for ever', () => {
  serve();
  process.emit('SIGTERM');
  clock.advance(999);
  expect(process.exits).toEqual([]);
  clock.advance(1);
  expect(said()).toContain('did not stop in time');
  expect(process.exits).toEqual([1]);
});

it('a second signal ends the process at once', () => {
  serve();
  process.emit('SIGTERM');
  process.emit('SIGINT');
  expect(process.exits).toEqual([1]);
});

it('a signal while starting ends the process, and not as if it had served', () => {
  process.emit('SIGTERM');
  expect(said()).toEqual(['ended while starting']);
  expect(process.exits).toEqual([1]);
});

it('an end from inside is told, names the plugin and is no success', () => {
  serve();
  process.exit(0);
  expect(lifecycle.lines).toMatchObject([
    { level: 'error', message: 'the process was ended from inside', fields: { plugin: 'spin' } },
  ]);
  expect(process.exitCode).toBe(1);
});
