// The short form of `npm run faults`: every promise is tried once, and times are told, not judged.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Row {
  readonly name: string;
  readonly runs: number;
  readonly failures: number;
  readonly note: string;
}

/** Rows of these parts, none of which may have failed. */
async function heldRows(parts: string): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dh-faults-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { exitCode, stderr } = await execa(
    'node',
    ['dist/bench/faults/main.js', '--short', '--parts', parts, '--out', folder],
    { cwd: root, reject: false },
  );
  const { rows } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as {
    readonly rows: readonly Row[];
  };
  expect(rows.filter(({ failures }) => failures > 0)).toEqual([]);
  expect(exitCode, stderr).toBe(0);
  return rows;
}

it('no adversarial plugin makes a plan worse, and no fault of the database loses what was acknowledged', async () => {
  const rows = await heldRows('adversaries,database');
  for (const name of [
    'always',
    'never',
    'late',
    'null',
    'NaN',
    'throws',
    'hangs',
    'exits',
    'loops',
  ]) {
    expect(rows.filter((row) => row.name.includes(name)).length).toBeGreaterThanOrEqual(2);
  }
  for (const name of ['locked', 'full', 'damaged']) {
    expect(rows.filter((row) => row.name.includes(name) && row.runs > 0)).toHaveLength(2);
  }
}, 600_000);

it('mutated messages, chaos, load and a failing machine cost nobody but themselves', async () => {
  const rows = await heldRows('fuzz,chaos,load,machine');
  for (const name of ['mutated messages', 'chaos: ', 'load: ', 'machine: ']) {
    const tried = rows.filter((row) => row.name.startsWith(name) && row.runs > 0);
    expect(tried.length, name).toBeGreaterThanOrEqual(2);
  }
}, 600_000);
