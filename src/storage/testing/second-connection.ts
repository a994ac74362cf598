import Database from 'libsql';

/** Another program at the same file: sees only what is committed, and can hold the write lock. */
export class SecondConnection {
  readonly #database: Database.Database;

  constructor(path: string) {
    this.#database = new Database(path);
    this.#database.exec('pragma busy_timeout = 50');
  }

  lock(): void {
    this.#database.exec('begin immediate');
  }

  unlock(): void {
    this.#database.exec('rollback');
  }

  /** @throws when somebody holds the write lock. */
  checkLockIsFree(): void {
    this.lock();
    this.unlock();
  }

  count(table: string): number {
    const rows = this.#database.prepare(`select count(*) as n from ${table}`).all();
    return (rows as { readonly n: number }[])[0]?.n ?? -1;
  }

  /** The values of one column, such as `session` of `outcomes where status = 'open'`. */
  column(name: string, table: string): readonly string[] {
    const rows = this.#database.prepare(`select ${name} from ${table}`).all();
    return (rows as Record<string, unknown>[]).map((row) => String(row[name]));
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  close(): void {
    this.#database.close();
  }
}
