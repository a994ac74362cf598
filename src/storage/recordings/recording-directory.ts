import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FileLock } from '../file-lock.js';
import { readSecret } from '../pseudonyms.js';
import type { Quota } from './journal/recording-log.js';
import { recordingsIn, type SessionPaths, sessionPaths } from './trajectory-paths.js';

const LOCK_FILE = '.host.lock';
/** Of hosts before this one, with a process id. */
const OLD_LOCK_FILE = '.host-lock';

/** A second host would take the running recordings of the first for leftovers. @throws when there is one. */
function lock(directory: string): FileLock {
  const taken = FileLock.take(join(directory, LOCK_FILE));
  if (taken === undefined) {
    throw new Error(
      `another host records to ${directory}; give this one a directory of its own, or wait until the other has ended`,
    );
  }
  rmSync(join(directory, OLD_LOCK_FILE), { force: true });
  return taken;
}

function sizeOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** A directory that this host records to: its secret, its size, and what an earlier host left unfinished. */
export class RecordingDirectory {
  readonly path: string;
  readonly secret: string;
  /** Sessions whose recordings were never converted. */
  readonly leftovers: readonly string[];
  readonly #lock: FileLock;
  #usedBytes: number;

  /** @throws when the directory can't be used. */
  constructor(path: string, environment: NodeJS.ProcessEnv) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.#lock = lock(path);
    try {
      this.path = path;
      this.secret = readSecret(path, environment);
      this.leftovers = recordingsIn(readdirSync(path));
      this.#usedBytes = sizeOf(path);
    } catch (thrown) {
      this.#lock.release();
      throw thrown;
    }
  }

  paths(sessionId: string): SessionPaths {
    return sessionPaths(this.path, sessionId);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  hasRoom(maxTotalBytes: number): boolean {
    return this.#usedBytes < maxTotalBytes;
  }

  /** What one session may take from. */
  quota(maxTotalBytes: number): Quota {
    return {
      take: (bytes) => {
        if (this.#usedBytes + bytes > maxTotalBytes) return false;
        this.#usedBytes += bytes;
        return true;
      },
    };
  }

  /** A recording that took so many bytes became the session's trajectory, or nothing. */
  converted(sessionId: string, takenBytes: number): void {
    const { trajectory } = this.paths(sessionId);
    this.#usedBytes += (existsSync(trajectory) ? sizeOf(trajectory) : 0) - takenBytes;
  }

  release(): void {
    this.#lock.releaseAndRemove();
  }
}
