import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
// @ts-expect-error: a script without types
import { median, quantile } from './figures.mjs';
// @ts-expect-error: a script without types
import { cpuSeconds, residentMb } from './processes.mjs';
// @ts-expect-error: a script without types
import { plainTable, writeResult } from './report.mjs';

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
  const until = performance.now() + 60;
  while (performance.now() < until);
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
