import { join } from 'node:path';

/** Files of a trajectory's folder. */
export const ITERATIONS_FILE = 'iterations.parquet';
export const STAGES_FILE = 'stages.parquet';
export const BEAMLETS_FILE = 'beamlets.parquet';

/** The recording as it was, for replay. */
export const JOURNAL_FILE = 'journal.recording';

const RECORDING_SUFFIX = '.recording';
const PARTIAL_SUFFIX = '.partial';
const DAMAGED_SUFFIX = '.damaged';

/** Where the parts of one session lie in a recording directory. */
export interface SessionPaths {
  /** Append-only, while the session runs. */
  readonly recording: string;
  /** Being converted. */
  readonly partial: string;
  /** The trajectory: whole, or not there. */
  readonly trajectory: string;
  /** A recording that can't be read or made a trajectory of. */
  readonly damaged: string;
  /** Why, in words. */
  readonly reason: string;
}

export function sessionPaths(directory: string, sessionId: string): SessionPaths {
  const base = join(directory, sessionId);
  return {
    recording: `${base}${RECORDING_SUFFIX}`,
    partial: `${base}${PARTIAL_SUFFIX}`,
    trajectory: base,
    damaged: `${base}${DAMAGED_SUFFIX}`,
    reason: `${base}${DAMAGED_SUFFIX}.txt`,
  };
}

function sessionsWith(suffix: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name.endsWith(suffix) && name.length > suffix.length)
    .map((name) => name.slice(0, -suffix.length))
    .sort();
}

/** Sessions with an append-only file among the names of a directory. */
export function recordingsIn(names: readonly string[]): readonly string[] {
  return sessionsWith(RECORDING_SUFFIX, names);
}

export function damagedIn(names: readonly string[]): readonly string[] {
  return sessionsWith(DAMAGED_SUFFIX, names);
}
