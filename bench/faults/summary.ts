import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../evaluation/write-whole.js';

/** One promise, tried so many times. */
export interface FaultRow {
  readonly name: string;
  readonly runs: number;
  readonly failures: number;
  /** What was measured, and of the first failure what it was. */
  readonly note: string;
}

/** Written whole after every row, so that an end midway leaves what is done. */
export function writeSummary(folder: string, rows: readonly FaultRow[]): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'summary.json');
  writeWhole(file, `${JSON.stringify({ rows }, null, 2)}\n`);
  return file;
}
