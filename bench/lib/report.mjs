// How benchmarks tell what they found: a table for people, a file for documents.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';

/** An empty table without colours; rows are pushed. */
export function plainTable(options = {}) {
  return new Table({ style: { head: [], border: [], compact: true }, ...options });
}

/** Writes `NAME.json` into a folder, which is made; returns the path. */
export function writeResult(folder, name, result) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
  return file;
}
