import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describeThrown } from '../../domain/errors/host-error.js';
import { decodeRecording } from './journal/recording-format.js';
import { type RecordedSession, recordedSession } from './journal/session-events.js';
import { syncPath, writeTable } from './parquet/parquet-table.js';
import {
  BEAMLET_COLUMNS,
  beamletRows,
  ITERATION_COLUMNS,
  iterationRows,
  STAGE_COLUMNS,
} from './parquet/trajectory-columns.js';
import {
  METADATA_KEY,
  metadataOf,
  type TrajectoryMetadata,
} from './parquet/trajectory-metadata.js';
import {
  BEAMLETS_FILE,
  ITERATIONS_FILE,
  JOURNAL_FILE,
  type SessionPaths,
  STAGES_FILE,
} from './trajectory-paths.js';

/** What a conversion came to. */
export type Conversion = 'complete' | 'incomplete' | 'damaged';

/** Turns a recording into a trajectory. */
export type Convert = (paths: SessionPaths) => Promise<Conversion>;

/** Whether the disk is at fault, or the machine is short of something: another time it may work. */
const isOfTheDisk = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && 'syscall' in thrown;

/** Takes a recording out of the way, for no try could go otherwise. Says why in a file beside it. @throws when the disk refuses. */
export function setAside({ recording, partial, damaged, reason }: SessionPaths, why: string): void {
  rmSync(partial, { recursive: true, force: true });
  if (existsSync(recording)) renameSync(recording, damaged);
  writeFileSync(reason, `${why}\n`, { mode: 0o600 });
}

function writeFolder(session: RecordedSession, metadata: TrajectoryMetadata, folder: string): void {
  const keyed = { [METADATA_KEY]: JSON.stringify(metadata) };
  writeTable(join(folder, ITERATIONS_FILE), iterationRows(session), ITERATION_COLUMNS, keyed);
  writeTable(join(folder, STAGES_FILE), session.stages, STAGE_COLUMNS);
  writeTable(join(folder, BEAMLETS_FILE), beamletRows(session), BEAMLET_COLUMNS);
  syncPath(folder);
}

/** A second name for the same bytes; a copy where the disk knows no such thing. */
function keepJournal(recording: string, folder: string): void {
  const journal = join(folder, JOURNAL_FILE);
  try {
    linkSync(recording, journal);
  } catch {
    copyFileSync(recording, journal);
    syncPath(journal);
  }
}

function convert(paths: SessionPaths): Conversion {
  const read = decodeRecording(readFileSync(paths.recording));
  const session = read && recordedSession(read);
  if (session === undefined) {
    setAside(paths, 'it has no readable beginning');
    return 'damaged';
  }
  rmSync(paths.partial, { recursive: true, force: true });
  const metadata = metadataOf(session);
  if (!existsSync(paths.trajectory)) {
    mkdirSync(paths.partial, { mode: 0o700 });
    if (session.start.replay !== undefined) keepJournal(paths.recording, paths.partial);
    writeFolder(session, metadata, paths.partial);
    renameSync(paths.partial, paths.trajectory);
    syncPath(dirname(paths.trajectory));
  }
  rmSync(paths.recording);
  return metadata.is_complete ? 'complete' : 'incomplete';
}

/**
 * Makes a trajectory of a recording. The folder appears whole or not at all, and the recording goes only when the disk
 * has the folder, so a crash at any point leaves one of them to go on from. What can't be made one is set aside with the reason.
 * Synchronous: not for a thread that serves. @throws when the disk refuses; the recording is then still there.
 */
export function convertRecording(paths: SessionPaths): Conversion {
  try {
    return convert(paths);
  } catch (thrown) {
    if (isOfTheDisk(thrown)) throw thrown;
    setAside(paths, `it cannot be made a trajectory: ${describeThrown(thrown)}`);
    return 'damaged';
  }
}
