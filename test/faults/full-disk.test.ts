import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openExperimentDatabase } from '../../src/storage/experiments/experiment-database.js';
import { SqlOutcomes } from '../../src/storage/experiments/outcome-table.js';

const script = fileURLToPath(new URL('../fixtures/outcome-writer.js', import.meta.url));

it('a file that can grow no more: the failure says so, and all that was acknowledged before is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-full-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const url = pathToFileURL(join(folder, 'e.db')).href;
  // The shell's limit on the size of files (in kilobytes) stands for a full disk.
  const command = 'ulimit -f 200; exec "$0" "$1" "$2" host';
  const child = spawn('bash', ['-c', command, process.execPath, script, url], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += String(text);
  });
  const exit = once(child, 'exit');
  const said = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const [session = '', status = ''] = line.split(' ');
    said.set(session, status);
  }
  await exit;
  expect(errors).toMatch(/e\.db: the disk is full or a size limit is reached; make room/);
  expect(said.size).toBeGreaterThan(3);
  const db = await openExperimentDatabase(url);
  const stored = await new SqlOutcomes(db).outcomes('e');
  const status = new Map(stored.map((record) => [record.session, record.status]));
  for (const [session, end] of said) expect(status.get(session)).toBe(end);
  await db.destroy();
});
