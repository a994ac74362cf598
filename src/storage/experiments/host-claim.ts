import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FileLock } from '../file-lock.js';

const LOCK_SUFFIX = '.lock';
/** For another host that just looks whether this one lives. */
const CLAIM_WAIT_MS = 1000;

/**
 * Says that a host runs, to the others at the same folder, exactly as long as it does; see FileLock.
 */
export class HostClaim {
  readonly directory: string;
  readonly id: string;
  readonly #lock: FileLock;

  /** @throws when the folder cannot be used. */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.directory = directory;
    this.id = randomUUID();
    const lock = FileLock.take(this.#path(this.id), CLAIM_WAIT_MS);
    if (lock === undefined) throw new Error(`${this.#path(this.id)} is held by somebody else`);
    this.#lock = lock;
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
    const lock = FileLock.take(this.#path(id));
    if (lock === undefined) return;
    rmSync(this.spoolOf(id), { force: true });
    lock.releaseAndRemove();
  }

  /** Keeps what no database takes, for people to look at. @throws when the disk refuses. */
  reject(what: object, why: string): void {
    appendFileSync(join(this.directory, 'rejected.jsonl'), `${JSON.stringify({ why, ...what })}\n`);
  }

  /** Where a host puts aside what the database could not take. */
  spoolOf(id: string): string {
    return join(this.directory, `${id}.outcomes.jsonl`);
  }

  /** The files stay until another host has seen to what this one left. */
  release(): void {
    this.#lock.release();
  }

  #path(id: string): string {
    return join(this.directory, `${id}${LOCK_SUFFIX}`);
  }

  #isHeld(id: string): boolean {
    // Taking a lock makes its file.
    if (!existsSync(this.#path(id))) return false;
    const lock = FileLock.take(this.#path(id));
    lock?.release();
    return lock === undefined;
  }
}
