import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

/** Plans that run go first. Linux lets a thread have a priority of its own, and threads it starts inherit it; elsewhere it keeps the process's. */
export function stepBack(): void {
  try {
    setPriority(
      Number(basename(readlinkSync('/proc/thread-self'))),
      constants.priority.PRIORITY_LOW,
    );
  } catch {
    // Only a courtesy.
  }
}
