import { type FSWatcher, realpathSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../domain/clock.js';
import type { ConfigFiles, FileText } from '../edit/config-files.js';

/** What a read at the file found: its content, or why there is none. */
export type ConfigRead = FileText | { readonly missing: unknown };

export interface WatchOptions {
  readonly file: string;
  readonly files: ConfigFiles;
  readonly clock: Clock;
  /** Called with each new content once it stands still; in order, never twice with the same. */
  readonly onSettled: (read: ConfigRead) => void;
}

/** A content that is the same after this time is taken for whole. */
export const SETTLE_MS = 100;
/** Network file systems tell nobody of changes, and a watched folder may itself be replaced. */
export const POLL_MS = 2000;

const MISSING = 'missing';

/**
 * Watches a file by its folder and by the folder that it really lies in, so that edits in place, renames over it, swapped
 * symbolic links and removals are seen alike. Only the content counts.
 */
export class ConfigWatch {
  readonly #options: WatchOptions;
  #watchers: FSWatcher[] = [];
  #cancel: (() => void) | undefined;
  #seen: string | undefined;
  #told: string;
  #isStopped = false;

  /** `known`: the content that nobody need be told of. */
  constructor(options: WatchOptions, known: string) {
    this.#options = options;
    this.#told = known;
  }

  start(): void {
    this.#watchFolders();
    this.#readIn(POLL_MS);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
    this.#unwatch();
  }

  #readIn(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancel?.();
    this.#cancel = this.#options.clock.schedule(delayMs, () => void this.#read());
  }

  async #read(): Promise<void> {
    const { file, files, onSettled } = this.#options;
    const read: ConfigRead = await files.read(file).catch((missing: unknown) => ({ missing }));
    if (this.#isStopped) return;
    const content = 'missing' in read ? MISSING : read.sha256;
    const isSettled = content === this.#seen || content === this.#told;
    this.#seen = content;
    if (!isSettled) {
      this.#readIn(SETTLE_MS);
      return;
    }
    if (content !== this.#told) {
      this.#told = content;
      onSettled(read);
    }
    this.#watchFolders();
    this.#readIn(POLL_MS);
  }

  /** Anew each time: the real folder is another one after a swap. */
  #watchFolders(): void {
    this.#unwatch();
    const { file } = this.#options;
    const folders = new Set([dirname(file)]);
    try {
      folders.add(dirname(realpathSync(file)));
    } catch {
      // The file is not there: its folder will tell when it is.
    }
    this.#watchers = [...folders].flatMap((folder) => this.#watch(folder) ?? []);
  }

  #watch(folder: string): FSWatcher | undefined {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#readIn(SETTLE_MS));
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      // No such folder, or no watches left on this machine: the next poll looks again.
      return undefined;
    }
  }

  #unwatch(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.close();
  }
}
