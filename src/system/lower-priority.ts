import { readdirSync, readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

/**
 * Plans that run go first. Linux lets a thread have a priority of its own, and threads that it starts inherit it; elsewhere it keeps the
 * process's.
 *
 * @param niceness 1 to 19; by default the lowest priority there is.
 */
export function lowerPriority(niceness: number = constants.priority.PRIORITY_LOW): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), niceness);
  } catch {
    // Only a courtesy.
  }
}

/** The same for every thread that the process has, those that collect garbage among them. */
export function lowerProcessPriority(niceness: number): void {
  try {
    for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), niceness);
  } catch {
    // Only a courtesy.
  }
}
