import { join, resolve } from 'node:path';
import { describeThrown, HostError } from '../../../domain/errors/host-error.js';
import { BEAMLETS_FILE, ITERATIONS_FILE, STAGES_FILE } from '../trajectory-paths.js';
import { listSessions, type SessionEntry } from './read-trajectory.js';

type DuckDb = typeof import('@duckdb/node-api');
type Connection = Awaited<ReturnType<DuckDb['DuckDBConnection']['create']>>;

/** What a query answered, and which sessions it was of. */
export interface QueryAnswer {
  readonly columns: readonly string[];
  /** JSON values; whole numbers beyond 2^53 are texts. */
  readonly rows: readonly (readonly unknown[])[];
  /** Sessions that cannot be read, or have not ended. */
  readonly leftOut: readonly string[];
}

const TABLES = { iterations: ITERATIONS_FILE, stages: STAGES_FILE, beamlets: BEAMLETS_FILE };

const SESSION_COLUMNS = `session varchar, patient varchar, plan varchar, client varchar, solver varchar,
  advice_mode varchar, generation integer, outcome varchar, is_complete boolean, stages integer,
  iterations integer, reference_objective double, call_equivalents double`;

/**
 * Asks all trajectories of a directory at once: the tables `iterations`, `stages`, `beamlets`, each with a column `session`, and
 * `sessions`, a row a session. Reads these files and no other, and changes nothing.
 * @throws HostError `trajectory-missing`, `query-engine-missing`, `query-invalid`
 */
export async function queryTrajectories(directory: string, sql: string): Promise<QueryAnswer> {
  const entries = await listSessions(directory);
  const whole = entries.filter(({ state }) => state === 'trajectory');
  const leftOut = entries
    .filter(({ state }) => state !== 'trajectory')
    .map(({ sessionId }) => sessionId);
  if (whole.length === 0) {
    throw new HostError('trajectory-missing', { path: `trajectory in ${directory}` });
  }
  const { DuckDBConnection, StatementType } = await engine();
  const connection = await DuckDBConnection.create();
  try {
    await describe(connection, whole);
    await lock(connection, directory);
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw new Error(`has ${statements.count} statements, not one`);
    const prepared = await statements.prepare(0);
    if (prepared.statementType !== StatementType.SELECT) throw new Error('is no SELECT');
    const reader = await prepared.runAndReadAll();
    return {
      columns: reader.columnNames(),
      rows: reader.getRowsJS().map((row) => row.map(plain)),
      leftOut,
    };
  } catch (thrown) {
    throw new HostError('query-invalid', { problem: describeThrown(thrown) }, { cause: thrown });
  } finally {
    connection.closeSync();
  }
}

async function engine(): Promise<DuckDb> {
  try {
    return await import('@duckdb/node-api');
  } catch (thrown) {
    throw new HostError('query-engine-missing', {}, { cause: thrown });
  }
}

/** As JSON has it: a whole number is a number where none of it is lost. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

async function describe(connection: Connection, whole: readonly SessionEntry[]): Promise<void> {
  for (const [table, file] of Object.entries(TABLES)) {
    const files = whole.map(({ path }) => quoted(resolve(join(path, file)))).join(', ');
    await connection.run(
      `create view ${table} as select parse_path(filename)[-2] as session, * exclude (filename)
       from read_parquet([${files}], filename = true, union_by_name = true)`,
    );
  }
  await connection.run(`create table sessions (${SESSION_COLUMNS})`);
  for (const { sessionId, metadata: of } of whole) {
    await connection.run(
      'insert into sessions values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)',
      [
        sessionId,
        of?.patient_id ?? '',
        of?.plan_id ?? '',
        of?.client ?? '',
        of?.solver ?? '',
        of?.advice_mode ?? '',
        of?.configuration_generation ?? null,
        of?.outcome ?? '',
        of?.is_complete ?? false,
        of?.stage_count ?? null,
        of?.iteration_count ?? null,
        of?.finish?.reference_objective ?? null,
        of?.finish?.call_equivalents ?? null,
      ],
    );
  }
}

/** A query that somebody was sent must not read or write anything else. */
async function lock(connection: Connection, directory: string): Promise<void> {
  await connection.run(`set allowed_directories = [${quoted(resolve(directory))}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
}
