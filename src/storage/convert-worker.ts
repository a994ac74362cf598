import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { convertRecording } from './convert-recording.js';
import type { SessionPaths } from './trajectory-paths.js';

/** Plans that run go first. Linux lets a thread have a priority of its own; elsewhere it keeps the process's. */
function stepBack(): void {
  try {
    setPriority(
      Number(basename(readlinkSync('/proc/thread-self'))),
      constants.priority.PRIORITY_LOW,
    );
  } catch {
    // Only a courtesy.
  }
}

stepBack();
parentPort?.postMessage(convertRecording(workerData as SessionPaths));
