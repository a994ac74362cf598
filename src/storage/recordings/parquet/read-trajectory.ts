import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { describeThrown, HostError } from '../../../domain/errors/host-error.js';
import { decodeRecording } from '../journal/recording-format.js';
import { recordedSession } from '../journal/session-events.js';
import {
  BEAMLETS_FILE,
  damagedIn,
  ITERATIONS_FILE,
  recordingsIn,
  STAGES_FILE,
  sessionPaths,
} from '../trajectory-paths.js';
import {
  METADATA_KEY,
  metadataOf,
  TRAJECTORY_FORMAT,
  TRAJECTORY_VERSION,
  type TrajectoryMetadata,
} from './trajectory-metadata.js';

/** A row of a table: column -> value; missing values are null. */
export type TableRow = Readonly<Record<string, unknown>>;

/** What a recording directory holds of one session. */
export interface SessionEntry {
  readonly sessionId: string;
  /** `recording`: runs, or was left by a host that died; `trajectory`: converted; `damaged`: can't be read. */
  readonly state: 'trajectory' | 'recording' | 'damaged';
  readonly path: string;
  readonly bytes: number;
  /** Undefined when it can't be read. */
  readonly metadata: TrajectoryMetadata | undefined;
}

function refuse(path: string, problem: string): never {
  throw new HostError('trajectory-invalid', { path, problem });
}

async function openTable(file: string) {
  try {
    const buffer = await asyncBufferFromFile(file);
    return { buffer, metadata: await parquetMetadataAsync(buffer) };
  } catch (thrown) {
    return refuse(file, `is not whole Parquet: ${describeThrown(thrown)}`);
  }
}

/** The folder of a trajectory, named itself or by a file in it. @throws HostError `trajectory-missing`. */
function folderOf(path: string): string {
  if (!existsSync(path)) throw new HostError('trajectory-missing', { path });
  return statSync(path).isDirectory() ? path : dirname(path);
}

/** The metadata of a whole trajectory. @throws HostError `trajectory-missing`, `trajectory-invalid`. */
export async function readMetadata(path: string): Promise<TrajectoryMetadata> {
  const file = join(folderOf(path), ITERATIONS_FILE);
  if (!existsSync(file)) refuse(path, `holds no ${ITERATIONS_FILE}`);
  const { metadata: footer } = await openTable(file);
  const text = footer.key_value_metadata?.find(({ key }) => key === METADATA_KEY)?.value;
  if (text === undefined) refuse(file, `is Parquet, but has no metadata ${METADATA_KEY}`);
  const metadata = JSON.parse(text) as TrajectoryMetadata;
  if (metadata.format !== TRAJECTORY_FORMAT || metadata.version !== TRAJECTORY_VERSION) {
    const has = `${metadata.format} version ${metadata.version}`;
    refuse(file, `is ${has}, but this program reads ${TRAJECTORY_FORMAT} ${TRAJECTORY_VERSION}`);
  }
  return metadata;
}

const tableFiles = { iterations: ITERATIONS_FILE, stages: STAGES_FILE, beamlets: BEAMLETS_FILE };

/** One table of a trajectory. @throws HostError `trajectory-missing`, `trajectory-invalid`. */
export async function readTable(
  path: string,
  table: keyof typeof tableFiles,
): Promise<readonly TableRow[]> {
  const file = join(folderOf(path), tableFiles[table]);
  const { buffer, metadata } = await openTable(file);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  const rows = await parquetReadObjects({ file: buffer, metadata });
  // The reader leaves out lists that are null, and gives big integers for counts, which JSON does not know.
  const cellOf = (value: unknown) => (typeof value === 'bigint' ? Number(value) : (value ?? null));
  return rows.map((row) => Object.fromEntries(columns.map((name) => [name, cellOf(row[name])])));
}

/** The metadata of a session whose recording was not converted yet. @throws HostError `trajectory-invalid`. */
export function readRecordingMetadata(path: string): TrajectoryMetadata {
  const read = decodeRecording(readFileSync(path));
  const session = read && recordedSession(read);
  return session === undefined ? refuse(path, 'has no readable beginning') : metadataOf(session);
}

/** The metadata behind a path: a trajectory's folder, a file in it, or a recording. */
export async function readAnyMetadata(path: string): Promise<TrajectoryMetadata> {
  if (!path.endsWith('.recording')) return readMetadata(path);
  if (!existsSync(path)) throw new HostError('trajectory-missing', { path });
  return readRecordingMetadata(path);
}

function bytesOf(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}

/** Every session of a recording directory. @throws HostError `trajectory-missing` when there is no such directory. */
export async function listSessions(directory: string): Promise<readonly SessionEntry[]> {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new HostError('trajectory-missing', { path: directory });
  }
  const names = readdirSync(directory).sort();
  const entries: SessionEntry[] = [];
  for (const name of names) {
    const path = join(directory, name);
    if (!existsSync(join(path, ITERATIONS_FILE))) continue;
    entries.push(await entryOf(basename(path), 'trajectory', path));
  }
  for (const id of recordingsIn(names)) {
    entries.push(await entryOf(id, 'recording', sessionPaths(directory, id).recording));
  }
  for (const id of damagedIn(names)) {
    entries.push(await entryOf(id, 'damaged', sessionPaths(directory, id).damaged));
  }
  return entries;
}

async function entryOf(
  sessionId: string,
  state: SessionEntry['state'],
  path: string,
): Promise<SessionEntry> {
  const bytes = bytesOf(path);
  if (state === 'damaged') return { sessionId, state, path, bytes, metadata: undefined };
  try {
    return { sessionId, state, path, bytes, metadata: await readAnyMetadata(path) };
  } catch (thrown) {
    // One bad file must not hide the others.
    if (!HostError.is(thrown)) throw thrown;
    return { sessionId, state: 'damaged', path, bytes, metadata: undefined };
  }
}
