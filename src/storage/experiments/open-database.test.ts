import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startPostgres } from '../testing/postgres-server.js';
import { openExperimentDatabase } from './experiment-database.js';
import { SqlExperiments } from './experiment-table.js';

const script = fileURLToPath(
  new URL('../../../dist/src/workers/database-worker.js', import.meta.url),
);

it('several hosts may open a new file at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-database-'));
  const url = pathToFileURL(join(folder, 'e.db')).href;
  const hosts = await Promise.all(
    Array.from({ length: 4 }, () => openExperimentDatabase(url, { script })),
  );
  for (const host of hosts) expect(await new SqlExperiments(host).list()).toEqual([]);
  await Promise.all(hosts.map((host) => host.destroy()));
  rmSync(folder, { recursive: true });
});

it('several hosts may open a new database of a server at once', async () => {
  const server = await startPostgres();
  const url = await server.newDatabase();
  const hosts = await Promise.all(Array.from({ length: 6 }, () => openExperimentDatabase(url)));
  for (const host of hosts) expect(await new SqlExperiments(host).list()).toEqual([]);
  await Promise.all(hosts.map((host) => host.destroy()));
  await server.stop();
}, 120_000);

describe('openExperimentDatabase', () => {
  it('refuses what is no database', async () => {
    await expect(openExperimentDatabase('mysql://somewhere/x')).rejects.toThrow(
      'mysql:// is no database that is known',
    );
    await expect(openExperimentDatabase('experiments.db')).rejects.toThrow(/Invalid URL/);
  });

  it('rejects when the server does not answer, and when the file is none', async () => {
    await expect(openExperimentDatabase('postgres://nobody@127.0.0.1:1/x')).rejects.toThrow(
      /ECONNREFUSED/,
    );
    await expect(openExperimentDatabase(pathToFileURL(join(tmpdir(), '.')).href)).rejects.toThrow();
  });
});
