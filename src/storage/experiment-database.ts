import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kysely, PostgresDialect, type SqliteDatabase, SqliteDialect } from 'kysely';
import Database from 'libsql';
import pg from 'pg';
import type { DatabaseSchema } from './database-schema.js';
import { type DatabaseKind, migrate } from './migrations.js';

/** For another process's write to end. */
const BUSY_TIMEOUT_MS = 5000;
const CONNECTIONS = 8;
/** A server that is away must not keep those that wait behind one statement. */
const CONNECT_TIMEOUT_MS = 5000;
const QUERY_TIMEOUT_MS = 10_000;
/** PostgreSQL's 64-bit integers come as text unless they are parsed; times and sequences are far below 2^53. */
const INT8 = 20;

export type ExperimentDatabase = Kysely<DatabaseSchema>;

function openEmbedded(file: string): SqliteDatabase {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new Database(file);
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
  // A killed process loses nothing. A machine that loses power may lose the last moments; it never tears what is there.
  database.exec('pragma journal_mode = wal');
  database.exec('pragma synchronous = normal');
  return database as unknown as SqliteDatabase;
}

function openServer(url: string, onBroken: (error: Error) => void): pg.Pool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  const pool = new pg.Pool({
    ...{ connectionString: url, max: CONNECTIONS, types },
    ...{ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, query_timeout: QUERY_TIMEOUT_MS },
  });
  // A connection that breaks, between two queries of a transaction, too, where nobody else hears of it; the next query opens another.
  pool.on('connect', (client) => client.on('error', onBroken));
  // The same once more, when it was idle.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * The database of experiments, brought to this version.
 *
 * @param url `file:///path/experiments.db` for a database in a file of this host, `postgres://...` for one that hosts share.
 * @param onBroken Told of a connection to the server that broke.
 * @throws for another kind of URL, and when the database can't be opened or migrated.
 */
export async function openExperimentDatabase(
  url: string,
  onBroken: (error: Error) => void = () => {},
): Promise<ExperimentDatabase> {
  const { protocol } = new URL(url);
  let kind: DatabaseKind;
  let db: ExperimentDatabase;
  if (protocol === 'file:') {
    kind = 'sqlite';
    db = new Kysely({ dialect: new SqliteDialect({ database: openEmbedded(fileURLToPath(url)) }) });
  } else if (protocol === 'postgres:' || protocol === 'postgresql:') {
    kind = 'postgres';
    db = new Kysely({ dialect: new PostgresDialect({ pool: openServer(url, onBroken) }) });
  } else {
    throw new Error(`${protocol}// is no database that is known: file:// or postgres://`);
  }
  try {
    await migrate(db, kind);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}
