import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
  writeFileSync(`${file}.part`, `${JSON.stringify({ rows }, null, 2)}\n`);
  renameSync(`${file}.part`, file);
  return file;
}
