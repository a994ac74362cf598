import { type BigIntStats, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { describeThrown } from '../../../domain/errors/host-error.js';
import { faultOf, storageFault } from './faults.js';
import type { FaultKind, Statement, StatementResult } from './statements.js';

/** Inside SQLite, where nothing else of the thread can run. Longer waits are made of tries. */
const BUSY_TIMEOUT_MS = 20;

/** After these, what SQLite remembers of the file is not to be trusted. */
const ANEW: ReadonlySet<FaultKind> = new Set(['missing', 'replaced', 'damaged', 'disk']);

interface Connection {
  readonly database: Database.Database;
  file: BigIntStats;
  /** Of the file that takes writes first, once there was one. */
  log: BigIntStats | undefined;
}

const isSame = (a: BigIntStats, b: BigIntStats | undefined) => a.ino === b?.ino && a.dev === b.dev;

/**
 * One connection to a SQLite file, synchronous: not for a thread that serves. Every failure closes the connection, and the next
 * statement opens another. A file that was removed or replaced under it is noticed before and after each write, so that nothing is
 * called stored that nobody can find. Never opened but by SQLite: closing any handle of a file ends all locks that this process has
 * on it, and another program would take itself for the last and remove the log.
 */
export class EmbeddedFile {
  readonly path: string;
  #connection: Connection | undefined;
  #mustExist: boolean;
  #needsNewThread = false;

  /** @param mustExist It was there before and is not made again: an empty one would hide that all is gone. */
  constructor(path: string, mustExist = false) {
    this.path = path;
    this.#mustExist = mustExist;
  }

  /** Only the end of this thread closes the file for good: the library keeps a closed connection until its statements are collected. */
  get needsNewThread(): boolean {
    return this.#needsNewThread;
  }

  /** Begins a transaction with the write lock. @throws StorageFault */
  begin(): void {
    this.#guarded(() => this.#open().exec('begin immediate'));
  }

  /** Runs it as part of the transaction that is open. @throws StorageFault */
  inTransaction(statement: Statement): StatementResult {
    return this.#guarded(() => run(this.#open(), statement));
  }

  /** @throws StorageFault when nothing was committed, or the file is not the one that was written. */
  commit(): void {
    this.#guarded(() => {
      const database = this.#open();
      database.exec('commit');
      if (database.inTransaction) throw new Error('the transaction did not end');
      this.#checkPlace();
    });
  }

  /** Gives up what is not committed. */
  rollback(): void {
    this.#reset();
  }

  /** Runs it as a transaction of its own. @throws StorageFault */
  run(statement: Statement): StatementResult {
    if (!statement.isWrite) return this.inTransaction(statement);
    this.begin();
    const result = this.inTransaction(statement);
    this.commit();
    return result;
  }

  close(): void {
    this.#reset();
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      const before = this.#connection;
      this.#reset();
      const fault = faultOf(thrown, this.path);
      this.#needsNewThread ||= ANEW.has(fault.kind);
      if (fault.kind === 'replaced') this.#setAsideLog(before);
      throw fault;
    }
  }

  #open(): Database.Database {
    if (this.#connection !== undefined) {
      this.#checkPlace();
      return this.#connection.database;
    }
    if (this.#mustExist && this.#look() === undefined) throw storageFault('missing', this.path);
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const database = connect(this.path);
    try {
      database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
      database.exec('pragma journal_mode = wal');
      // What is acknowledged survives a loss of power as well.
      database.exec('pragma synchronous = full');
      const file = statSync(this.path, { bigint: true });
      this.#connection = { database, file, log: undefined };
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    this.#mustExist = true;
    return database;
  }

  #look(suffix = ''): BigIntStats | undefined {
    return statSync(`${this.path}${suffix}`, { bigint: true, throwIfNoEntry: false });
  }

  #checkPlace(): void {
    if (this.#connection === undefined) return;
    const reading = this.#look();
    if (reading === undefined) throw storageFault('missing', this.path);
    const log = this.#look('-wal');
    this.#connection.log ??= log;
    const { file, log: known } = this.#connection;
    // SQLite keeps its log as long as this connection is open, and makes the file shorter only when somebody cleans it up.
    const isOther = !isSame(file, reading) || (known !== undefined && !isSame(known, log));
    if (isOther || reading.size < file.size) throw storageFault('replaced', this.path);
    this.#connection.file = reading;
  }

  /** SQLite would write what the log of the file before holds into the one that took its place. */
  #setAsideLog({ file, log }: Partial<Connection> = {}): void {
    const isOther = file !== undefined && !isSame(file, this.#look());
    if (!isOther || log === undefined || !isSame(log, this.#look('-wal'))) return;
    renameSync(`${this.path}-wal`, `${this.path}-wal.of-replaced`);
    rmSync(`${this.path}-shm`, { force: true });
  }

  /** A connection that is closed in a transaction keeps the lock, so the transaction ends first. */
  #reset(): void {
    const database = this.#connection?.database;
    this.#connection = undefined;
    if (database === undefined) return;
    try {
      if (database.inTransaction) database.exec('rollback');
      this.#needsNewThread ||= database.inTransaction;
      database.close();
    } catch {
      this.#needsNewThread = true;
    }
  }
}

/** The library's error of this step has no code. */
function connect(path: string): Database.Database {
  try {
    return new Database(path);
  } catch (thrown) {
    const detail = describeThrown(thrown);
    throw storageFault('disk', path, detail, { cause: thrown });
  }
}

function run(database: Database.Database, { sql, parameters }: Statement): StatementResult {
  const statement = database.prepare(sql);
  if (statement.reader) {
    const rows = statement.all(parameters) as StatementResult['rows'];
    return { rows, changes: rows.length, lastRowId: 0 };
  }
  const { changes, lastInsertRowid } = statement.run(parameters);
  return { rows: [], changes, lastRowId: Number(lastInsertRowid) };
}
