import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readSecret } from './pseudonyms.js';
import type { Room } from './recording-log.js';
import { recordingsIn, type SessionPaths, sessionPaths } from './trajectory-paths.js';

const LOCK_FILE = '.host-lock';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Somebody else's process is one, too.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A second host would take the running recordings of the first for leftovers. @throws when there is one. */
function lock(directory: string): void {
  const file = join(directory, LOCK_FILE);
  if (existsSync(file)) {
    const owner = Number(readFileSync(file, 'utf8'));
    if (owner > 0 && owner !== process.pid && isRunning(owner)) {
      throw new Error(
        `process ${owner} records there; give this host a directory of its own, or remove ${file} if that is no host`,
      );
    }
  }
  writeFileSync(file, `${process.pid}\n`);
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
  #usedBytes: number;

  /** @throws when the directory can't be used. */
  constructor(path: string, environment: NodeJS.ProcessEnv) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    lock(path);
    this.path = path;
    this.secret = readSecret(path, environment);
    this.leftovers = recordingsIn(readdirSync(path));
    this.#usedBytes = sizeOf(path);
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
  room(maxTotalBytes: number): Room {
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
    rmSync(join(this.path, LOCK_FILE), { force: true });
  }
}
