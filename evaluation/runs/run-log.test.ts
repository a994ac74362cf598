import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunLog } from './run-log.js';
import type { RunRecord } from './run-record.js';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evaluate-log-'));
  file = join(folder, 'runs.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = { pass: 'counts', arm: 'dh-reference', case: 'a', repeat: 0 } as const;
const record = (of: Partial<RunRecord> = {}): RunRecord => ({
  format: 'evaluate-run',
  version: 1,
  ...key,
  fingerprint: 'one',
  programs: {},
  commandLine: [],
  processMs: 1,
  result: {} as RunRecord['result'],
  ...of,
});
const lines = () => readFileSync(file, 'utf8').split('\n').filter(Boolean).length;

it('finds a run again in another process, but not for other programs', () => {
  new RunLog(file).add(record());
  const again = new RunLog(file);
  expect(again.find(key, 'one')).toEqual(record());
  expect(again.find(key, 'two')).toBeUndefined();
  expect(again.find({ ...key, repeat: 1 }, 'one')).toBeUndefined();
});

it('lets the last line of a key count and keeps the others', () => {
  const log = new RunLog(file);
  log.add(record());
  log.add(record({ fingerprint: 'two' }));
  expect(lines()).toBe(2);
  expect(new RunLog(file).find(key, 'two')).toBeDefined();
  expect(new RunLog(file).find(key, 'one')).toBeUndefined();
});

it('tolerates a torn last line and writes the next one apart from it', () => {
  new RunLog(file).add(record());
  appendFileSync(file, JSON.stringify(record({ case: 'b' })).slice(0, 40));
  const log = new RunLog(file);
  expect(log.unreadable).toBe(1);
  log.add(record({ case: 'c' }));
  const again = new RunLog(file);
  expect(again.find(key, 'one')).toBeDefined();
  expect(again.find({ ...key, case: 'b' }, 'one')).toBeUndefined();
  expect(again.find({ ...key, case: 'c' }, 'one')).toBeDefined();
});

it('takes a whole last line whose end of line was lost', () => {
  writeFileSync(file, JSON.stringify(record()));
  const log = new RunLog(file);
  expect(log.unreadable).toBe(0);
  log.add(record({ case: 'b' }));
  expect(new RunLog(file).find({ ...key, case: 'b' }, 'one')).toBeDefined();
});
