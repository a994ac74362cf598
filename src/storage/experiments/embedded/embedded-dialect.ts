import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { StatementRunner } from './statements.js';

/** SQLite takes definitions back with their transaction; one host migrates while others wait for the lock. */
class EmbeddedAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class EmbeddedConnection implements DatabaseConnection {
  readonly #runner: StatementRunner;
  transaction: number | undefined;

  constructor(runner: StatementRunner) {
    this.#runner = runner;
  }

  async executeQuery<Row>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<Row>> {
    const isWrite = !SelectQueryNode.is(query);
    const { rows, changes, lastRowId } = await this.#runner.ask({
      kind: 'run',
      statement: { sql, parameters, isWrite },
      transaction: this.transaction,
    });
    if (!isWrite) return { rows: rows as Row[] };
    return {
      rows: rows as Row[],
      numAffectedRows: BigInt(changes),
      insertId: BigInt(lastRowId),
    };
  }

  // biome-ignore lint/correctness/useYield: nothing here reads rows one by one
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('the embedded database reads all rows at once');
  }
}

class EmbeddedDriver implements Driver {
  readonly #runner: StatementRunner;
  #transactions = 0;

  constructor(runner: StatementRunner) {
    this.#runner = runner;
  }

  async init(): Promise<void> {
    // The runner opens its file with the first statement, and again after every failure.
  }

  async acquireConnection(): Promise<EmbeddedConnection> {
    return new EmbeddedConnection(this.#runner);
  }

  async beginTransaction(connection: EmbeddedConnection): Promise<void> {
    this.#transactions += 1;
    const transaction = this.#transactions;
    await this.#runner.ask({ kind: 'begin', transaction });
    connection.transaction = transaction;
  }

  commitTransaction(connection: EmbeddedConnection): Promise<void> {
    return this.#end('commit', connection);
  }

  rollbackTransaction(connection: EmbeddedConnection): Promise<void> {
    return this.#end('rollback', connection);
  }

  async releaseConnection(): Promise<void> {
    // Nothing is held.
  }

  destroy(): Promise<void> {
    return this.#runner.close();
  }

  async #end(kind: 'commit' | 'rollback', connection: EmbeddedConnection): Promise<void> {
    const { transaction } = connection;
    connection.transaction = undefined;
    if (transaction !== undefined) await this.#runner.ask({ kind, transaction });
  }
}

/** Kysely over a file that another thread may own. */
export function embeddedDialect(runner: StatementRunner): Dialect {
  return {
    createAdapter: () => new EmbeddedAdapter(),
    createDriver: () => new EmbeddedDriver(runner),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
