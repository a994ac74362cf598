import { type BigIntStats, closeSync, openSync, rmSync, statSync } from 'node:fs';
import Database from 'libsql';

/** SQLite's code when another connection holds a lock. */
const isHeldElsewhere = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE_BUSY');

/** Makes the file when it is not there. Never opened otherwise: closing it would drop a lock that this process has on it. */
function placeOf(path: string): BigIntStats | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (found !== undefined) return found;
  closeSync(openSync(path, 'a', 0o600));
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

const isSame = (a: BigIntStats | undefined, b: BigIntStats | undefined) =>
  a !== undefined && a.ino === b?.ino && a.dev === b.dev && a.birthtimeNs === b.birthtimeNs;

/** Undefined when somebody holds the lock. */
function lockedDatabase(path: string, waitMs: number): Database.Database | undefined {
  const database = new Database(path);
  try {
    database.exec(`pragma busy_timeout = ${waitMs}`);
    database.exec('begin exclusive');
    return database;
  } catch (thrown) {
    database.close();
    if (isHeldElsewhere(thrown)) return undefined;
    throw thrown;
  }
}

/**
 * A lock that the operating system keeps for this process. It ends with the process, however that ends, and outlasts a pause; process
 * ids play no part, so that it holds between containers, too. SQLite's own lock of an empty file: as portable as the database.
 */
export class FileLock {
  readonly path: string;
  readonly #database: Database.Database;

  private constructor(path: string, database: Database.Database) {
    this.path = path;
    this.#database = database;
  }

  /**
   * Makes the file if need be. Undefined when somebody holds it, in this process or another.
   * @param waitMs Holds up the thread while it is held.
   * @throws when the file cannot be used.
   */
  static take(path: string, waitMs = 0): FileLock | undefined {
    for (;;) {
      const before = placeOf(path);
      const database = lockedDatabase(path, waitMs);
      if (database === undefined) return undefined;
      const lock = new FileLock(path, database);
      // Who held it before may have removed the file: a lock of that one nobody else would find.
      if (isSame(before, statSync(path, { bigint: true, throwIfNoEntry: false }))) return lock;
      lock.release();
    }
  }

  /** Twice is once. The file stays. */
  release(): void {
    if (!this.#database.open) return;
    this.#database.exec('rollback');
    this.#database.close();
  }

  /** Under the lock, so that whoever takes it next notices. */
  releaseAndRemove(): void {
    for (const suffix of ['', '-journal']) rmSync(`${this.path}${suffix}`, { force: true });
    this.release();
  }
}
