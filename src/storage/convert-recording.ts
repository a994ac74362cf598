import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { syncPath, writeTable } from './parquet-table.js';
import { decodeRecording } from './recording-format.js';
import { type RecordedSession, recordedSession } from './session-events.js';
import {
  BEAMLET_COLUMNS,
  beamletRows,
  ITERATION_COLUMNS,
  iterationRows,
  STAGE_COLUMNS,
} from './trajectory-columns.js';
import { FACTS_KEY, factsOf, type TrajectoryFacts } from './trajectory-facts.js';
import {
  BEAMLETS_FILE,
  ITERATIONS_FILE,
  JOURNAL_FILE,
  type SessionPaths,
  STAGES_FILE,
} from './trajectory-paths.js';

/** What a conversion came to. */
export type Conversion = 'complete' | 'incomplete' | 'damaged';

function writeFolder(session: RecordedSession, facts: TrajectoryFacts, folder: string): void {
  const metadata = { [FACTS_KEY]: JSON.stringify(facts) };
  writeTable(join(folder, ITERATIONS_FILE), iterationRows(session), ITERATION_COLUMNS, metadata);
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

/**
 * Makes a trajectory of a recording. The folder appears whole or not at all, and the recording goes only when the disk
 * has the folder, so a crash at any point leaves one of them to go on from. A recording without a beginning is set
 * aside. Synchronous: not for a thread that serves. @throws when the disk refuses; the recording is then still there.
 */
export function convertRecording(paths: SessionPaths): Conversion {
  const read = decodeRecording(readFileSync(paths.recording));
  const session = read && recordedSession(read);
  if (session === undefined) {
    renameSync(paths.recording, paths.damaged);
    return 'damaged';
  }
  rmSync(paths.partial, { recursive: true, force: true });
  const facts = factsOf(session);
  if (!existsSync(paths.trajectory)) {
    mkdirSync(paths.partial, { mode: 0o700 });
    if (session.start.replay !== undefined) keepJournal(paths.recording, paths.partial);
    writeFolder(session, facts, paths.partial);
    renameSync(paths.partial, paths.trajectory);
    syncPath(dirname(paths.trajectory));
  }
  rmSync(paths.recording);
  return facts.is_complete ? 'complete' : 'incomplete';
}
