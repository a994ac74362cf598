import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RecordingDirectory } from './recording-directory.js';

const environment = { DH_ADVISOR_RECORDING_SECRET: 'a secret of the tests' };

it('knows how full it is while recordings become trajectories, and after a restart', () => {
  const path = mkdtempSync(join(tmpdir(), 'dh-advisor-recordings-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const directory = new RecordingDirectory(path, environment);
  const empty = directory.usedBytes;
  const room = directory.room(empty + 1000);
  expect(room.take(600)).toBe(true);
  expect(room.take(600)).toBe(false);
  mkdirSync(join(path, 'one'));
  writeFileSync(join(path, 'one', 'iterations.parquet'), Buffer.alloc(250));
  directory.converted('one', 600);
  expect(directory.usedBytes).toBe(empty + 250);
  expect(room.take(600)).toBe(true);
  directory.converted('never-written', 600);
  expect(new RecordingDirectory(path, environment).usedBytes).toBe(directory.usedBytes);
});
