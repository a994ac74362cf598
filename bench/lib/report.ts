// How benchmarks tell what they found: a table for people, a file for documents.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';

/** An empty table without colours; rows are pushed. */
export function plainTable(options: Table.TableConstructorOptions = {}): Table.Table {
  const style = { head: [], border: [], compact: true };
  return new Table({ style, ...options });
}

/** Writes `NAME.json` into a folder, which is made; returns the path. */
export function writeResult(folder: string, name: string, result: object): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`);
  return file;
}

/** Counts rounds from 0 and says each on standard error. */
export function* rounds(count: number): Generator<number, void> {
  for (let round = 0; round < count; round += 1) {
    process.stderr.write(`round ${round + 1} of ${count}\n`);
    yield round;
  }
}
