import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunLog } from './runs/run-log.js';
import { writeWhole } from './write-whole.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('replaces a file by a whole one and leaves nothing else', () => {
  const file = join(folder, 'summary.json');
  writeFileSync(file, 'before');
  writeWhole(file, 'R\u00fcckenmark'.repeat(100_000));
  expect(readFileSync(file, 'utf8')).toBe('R\u00fcckenmark'.repeat(100_000));
  expect(readdirSync(folder)).toEqual(['summary.json']);
});

it('says what can not be written and keeps what was there', () => {
  expect(() => writeWhole(join(folder, 'no', 'x.json'), 'x')).toThrow(
    /x\.json can't be written: ENOENT/,
  );
  const file = join(folder, 'taken');
  mkdirSync(join(file, 'inside'), { recursive: true });
  expect(() => writeWhole(file, 'x')).toThrow(/taken can't be written/);
  expect(existsSync(join(file, 'inside'))).toBe(true);
  expect(readdirSync(folder)).toEqual(['taken']);
});

it('opens the log of runs before a run is made', () => {
  mkdirSync(join(folder, 'runs.jsonl'));
  expect(() => new RunLog(join(folder, 'runs.jsonl'))).toThrow(/runs\.jsonl can't be written/);
  const log = join(folder, 'new', 'runs.jsonl');
  new RunLog(log);
  expect(readFileSync(log, 'utf8')).toBe('');
});
