import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { median, quantile, Samples } from './figures.js';
import { seriesIn } from './metrics.js';
import { readOptions } from './options.js';
import { cpuSeconds, residentMb } from './processes.js';
import { plainTable, rounds, writeResult } from './report.js';
import { startServer } from './servers.js';

it('takes medians and quantiles of values in any order, and changes none', () => {
  const values = [9, 1, 5];
  expect(median(values)).toBe(5);
  expect(values).toEqual([9, 1, 5]);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(quantile([...Array(101).keys()], 0.99)).toBe(99);
  expect(median([])).toBeNaN();
});

it('asks the kernel what a process has used', () => {
  const before = cpuSeconds(process.pid);
  // Of its own time, for a busy machine gives it little of the clock's.
  const { user } = process.cpuUsage();
  while (process.cpuUsage().user < user + 60_000);
  expect(cpuSeconds(process.pid)).toBeGreaterThan(before);
  expect(residentMb(process.pid)).toBeGreaterThan(10);
});

it('writes a result into a folder that it makes, and tables without colours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lib-'));
  try {
    const file = writeResult(join(folder, 'out'), 'rtt', { rows: [1] });
    expect(file).toBe(join(folder, 'out/rtt.json'));
    expect(readFileSync(file, 'utf8')).toBe('{\n "rows": [\n  1\n ]\n}\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const table = plainTable({ head: ['what', 'ms'] });
  table.push(['a round', 1]);
  expect(table.toString()).toMatch(/what\s+│ ms/);
  expect(table.toString()).not.toContain('\u001b');
});

it('keeps samples apart by what they are of', () => {
  const samples = new Samples<{ readonly us: number }>();
  for (const us of [3, 1, 2]) samples.add('ours', { us });
  samples.add('theirs', { us: 9 });
  expect(samples.of('ours').map(({ us }) => us)).toEqual([3, 1, 2]);
  expect(samples.median('ours', ({ us }) => us)).toBe(2);
  expect(samples.median('nobody', ({ us }) => us)).toBeNaN();
});

it('counts rounds from none to the last', () => {
  expect([...rounds(3)]).toEqual([0, 1, 2]);
  expect([...rounds(0)]).toEqual([]);
});

describe('options of a benchmark', () => {
  const defaults = { rounds: 7, out: 'out/bench' };

  it('are numbers where the default is one', () => {
    expect(readOptions(defaults, [])).toEqual(defaults);
    const given = ['--rounds', '0.5', '--out', '7'];
    expect(readOptions(defaults, given)).toEqual({ rounds: 0.5, out: '7' });
  });

  it.each(['many', '', '-1', 'Infinity'])('refuse %j for a number', (value) => {
    expect(() => readOptions(defaults, [`--rounds=${value}`])).toThrow(/--rounds must be a number/);
  });

  it('refuse what nobody reads', () => {
    expect(() => readOptions(defaults, ['--round', '1'])).toThrow(/--round/);
  });
});

it('reads series of one name with their labels', () => {
  const text = [
    '# HELP runs_count How many.',
    'runs_count{model="slow",version="1"} 3',
    'runs_count{model="a \\"quick\\" one"} 2e3',
    'runs_count_total 9',
    'up 1',
  ].join('\n');
  expect(seriesIn(text, 'runs_count')).toEqual([
    { labels: { model: 'slow', version: '1' }, value: 3 },
    { labels: { model: 'a \\"quick\\" one' }, value: 2000 },
  ]);
  expect(seriesIn(text, 'up')).toEqual([{ labels: {}, value: 1 }]);
});

describe('a server', () => {
  const run = (script: string) => startServer(process.execPath, ['-e', script]);

  it('is there when it has told its address, and gone when it was stopped', async () => {
    const server = await run("console.log('127.0.0.1:7'); setInterval(() => console.log('x'), 1)");
    expect(server.address).toBe('127.0.0.1:7');
    expect(residentMb(server.pid)).toBeGreaterThan(1);
    server.stop();
    await server.ended;
    expect(() => process.kill(server.pid, 0)).toThrow(/ESRCH/);
  });

  it('that ends before says why', async () => {
    await expect(run("console.error('no port'); process.exit(3)")).rejects.toThrow(
      /ended \(3\) without an address: no port/,
    );
    await expect(run('process.abort()')).rejects.toThrow(/ended \(SIGABRT\) without an address/);
  });
});
