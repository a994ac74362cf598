import { fileURLToPath } from 'node:url';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { DatabaseSchema } from './database-schema.js';
import { embeddedDialect } from './embedded/embedded-dialect.js';
import { EmbeddedFile } from './embedded/embedded-file.js';
import { processNowMs, StatementQueue } from './embedded/statement-queue.js';
import type { StatementRunner } from './embedded/statements.js';
import { WorkerRunner } from './embedded/worker-runner.js';
import { type DatabaseKind, migrate } from './migrations.js';

/** For one request to the embedded database, another program's lock included. Plans wait for `storage.deadline_ms` only. */
const EMBEDDED_LIMIT_MS = 5000;
const CONNECTIONS = 8;
/** A server that is away must not keep those that wait behind one statement. */
const CONNECT_TIMEOUT_MS = 5000;
const QUERY_TIMEOUT_MS = 10_000;
/** PostgreSQL's 64-bit integers come as text unless they are parsed; times and sequences are far below 2^53. */
const INT8 = 20;

export type ExperimentDatabase = Kysely<DatabaseSchema>;

function embeddedRunner(path: string, script: string | undefined): StatementRunner {
  const limitMs = EMBEDDED_LIMIT_MS;
  if (script !== undefined) return new WorkerRunner(script, { path, limitMs });
  return new StatementQueue(new EmbeddedFile(path), { limitMs, nowMs: processNowMs });
}

function openServer(url: string, onBroken: (error: Error) => void): pg.Pool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  // A connection that breaks, between two queries of a transaction, too, where nobody else hears of it; the next query opens another.
  pool.on('connect', (client) => client.on('error', onBroken));
  // The same once more, when it was idle.
  pool.on('error', () => undefined);
  return pool;
}

export interface DatabaseOptions {
  readonly onBroken?: (error: Error) => void;
  readonly script?: string | undefined;
}

/**
 * The database of experiments, brought to this version.
 *
 * @param url `file:///path/experiments.db` for a database in a file of this host, `postgres://...` for one that hosts share.
 * @param options.onBroken Told of a connection to the server that broke.
 * @param options.script The compiled thread that a file is worked on in. Undefined: the calling thread, which waits for locks then.
 * @throws for another kind of URL, and when the database can't be opened or migrated.
 */
export async function openExperimentDatabase(
  url: string,
  { onBroken = () => {}, script }: DatabaseOptions = {},
): Promise<ExperimentDatabase> {
  const { protocol } = new URL(url);
  let kind: DatabaseKind;
  let db: ExperimentDatabase;
  if (protocol === 'file:') {
    kind = 'sqlite';
    db = new Kysely({ dialect: embeddedDialect(embeddedRunner(fileURLToPath(url), script)) });
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
