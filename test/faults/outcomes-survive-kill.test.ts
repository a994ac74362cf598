import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExperimentDatabase } from '../../src/storage/experiments/experiment-database.js';
import { experimentStores } from '../../src/storage/experiments/experiment-stores.js';
import { SqlOutcomes } from '../../src/storage/experiments/outcome-table.js';
import { type PostgresServer, startPostgres } from '../../src/storage/testing/postgres-server.js';
import { SecondConnection } from '../../src/storage/testing/second-connection.js';

const script = fileURLToPath(new URL('../fixtures/outcome-writer.js', import.meta.url));

/** Runs a host that writes outcomes and kills it after so many; returns the ends it had said, by session. */
async function killAfter(
  url: string,
  host: string,
  ends: number,
): Promise<ReadonlyMap<string, string>> {
  const child = spawn(process.execPath, [script, url, host], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const said = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const [session = '', status = ''] = line.split(' ');
    said.set(session, status);
    if (said.size === ends) child.kill('SIGKILL');
  }
  await exit;
  return said;
}

describe('outcomes of killed hosts', () => {
  let folder: string;
  let server: PostgresServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dh-advisor-kill-'));
    server = await startPostgres();
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['embedded', () => pathToFileURL(join(folder, 'e.db')).href],
    ['server', () => server.newDatabase()],
  ])(
    'are one a session, those said to be stored are there (%s)',
    async (_, urlOf) => {
      const url = await urlOf();
      const said = new Map<string, string>();
      for (const [index, ends] of [17, 40, 3].entries()) {
        for (const [key, status] of await killAfter(url, `host${index}`, ends))
          said.set(key, status);
      }
      const db = await openExperimentDatabase(url);
      const outcomes = new SqlOutcomes(db);
      const before = await outcomes.outcomes('e');
      const status = new Map(before.map((record) => [record.session, record.status]));
      expect(status.size).toBe(before.length);
      for (const [session, end] of said) expect(status.get(session)).toBe(end);
      // At most the one that each host was at.
      expect(before.filter((record) => record.status === 'open').length).toBeLessThanOrEqual(3);
      await outcomes.loseOpenedBefore(Number.MAX_SAFE_INTEGER, 1);
      const after = await outcomes.outcomes('e');
      expect(after).toHaveLength(before.length);
      expect(after.filter((record) => record.status === 'open')).toEqual([]);
      await db.destroy();
    },
    120_000,
  );
});

describe('the end of a plan while another program holds the database', () => {
  it('survives a kill of its host: the next one stores it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-kill-'));
    const file = join(folder, 'e.db');
    const url = pathToFileURL(file).href;
    const host = fileURLToPath(new URL('../fixtures/ending-host.js', import.meta.url));
    const child = spawn(process.execPath, [host, url, 's1'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('open');
    const other = new SecondConnection(file);
    other.lock();
    child.stdin.write('end\n');
    expect((await lines.next()).value).toBe('ended');
    child.kill('SIGKILL');
    await exit;
    other.unlock();
    expect(other.count("outcomes where status = 'open'")).toBe(1);
    const next = await experimentStores({}, {})(url);
    expect(await next.takeOver(Date.now())).toEqual({ stored: 1, lost: 0, rejected: 0 });
    expect(await next.outcomes.outcomes('warm-start-2')).toMatchObject([
      { session: 's1', status: 'finished', metrics: { iterations: 5 } },
    ]);
    await next.close();
    other.close();
    rmSync(folder, { recursive: true });
  });
});
