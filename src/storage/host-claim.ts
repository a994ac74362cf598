import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

const LOCK_SUFFIX = '.lock';
/** For another host that just looks whether this one lives. */
const CLAIM_TIMEOUT_MS = 1000;
const ATTEMPTS = 5;

/** @throws when another connection holds it. */
function takeLock(path: string, timeoutMs: number): Database.Database {
  const database = new Database(path);
  try {
    database.exec(`pragma busy_timeout = ${timeoutMs}`);
    database.exec('begin exclusive');
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function letGo(database: Database.Database): void {
  if (!database.open) return;
  database.exec('rollback');
  database.close();
}

/**
 * Says that a host runs, to the others at the same folder. The operating system keeps the lock exactly as long as the process lives:
 * over a pause, between containers with equal process ids, and no longer than a kill.
 */
export class HostClaim {
  readonly directory: string;
  readonly id: string;
  readonly #lock: Database.Database;

  /** @throws when the folder cannot be used. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.directory = directory;
    for (let attempt = 1; ; attempt += 1) {
      const id = randomUUID();
      const path = join(directory, `${id}${LOCK_SUFFIX}`);
      const lock = takeLock(path, CLAIM_TIMEOUT_MS);
      // Another host may have taken the new file for one that an ended host left, and removed it before it was locked.
      if (existsSync(path)) {
        this.id = id;
        this.#lock = lock;
        return;
      }
      letGo(lock);
      if (attempt === ATTEMPTS) throw new Error(`${directory}: a lock of this host cannot be kept`);
    }
  }

  /** Ids of hosts that left something here and no longer run. */
  ended(): readonly string[] {
    const ids = readdirSync(this.directory)
      .filter((name) => name.endsWith(LOCK_SUFFIX))
      .map((name) => name.slice(0, -LOCK_SUFFIX.length));
    return ids.filter((id) => id !== this.id && !this.#isHeld(id));
  }

  /** Removes what an ended host left; does nothing when it is there again. */
  forget(id: string): void {
    const path = this.#path(id);
    let lock: Database.Database;
    try {
      lock = takeLock(path, 0);
    } catch {
      return;
    }
    // Under the lock, so that nobody takes a file that is about to go.
    for (const suffix of ['', '-journal']) rmSync(`${path}${suffix}`, { force: true });
    rmSync(this.spoolOf(id), { force: true });
    letGo(lock);
  }

  /** Where a host puts aside what the database could not take. */
  spoolOf(id: string): string {
    return join(this.directory, `${id}.outcomes.jsonl`);
  }

  /** The files stay until another host has seen to what this one left. */
  release(): void {
    letGo(this.#lock);
  }

  #path(id: string): string {
    return join(this.directory, `${id}${LOCK_SUFFIX}`);
  }

  #isHeld(id: string): boolean {
    if (statSync(this.#path(id), { throwIfNoEntry: false }) === undefined) return false;
    try {
      letGo(takeLock(this.#path(id), 0));
      return false;
    } catch {
      return true;
    }
  }
}
