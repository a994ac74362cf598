import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { startPostgres } from '../testing/postgres-server.js';
import { openExperimentDatabase } from './experiment-database.js';
import { SqlExperiments } from './experiment-table.js';

it('a connection that breaks between two queries costs no more than them', async () => {
  const server = await startPostgres();
  const url = await server.newDatabase();
  let tell: (error: Error) => void = () => undefined;
  const told = new Promise<Error>((resolve) => {
    tell = resolve;
  });
  const db = await openExperimentDatabase(url, { onBroken: (error) => tell(error) });
  const other = await openExperimentDatabase(url);
  await db.connection().execute(async (held) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(held);
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other);
    expect((await told).message).toMatch(/terminat/);
    await expect(sql`select 1`.execute(held)).rejects.toThrow();
  });
  // The next ones have another.
  expect(await new SqlExperiments(db).list()).toEqual([]);
  await Promise.all([db.destroy(), other.destroy()]);
  await server.stop();
}, 120_000);
