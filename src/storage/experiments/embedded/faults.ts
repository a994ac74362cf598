import { describeThrown } from '../../../domain/errors/host-error.js';
import { type FaultKind, StorageFault } from './statements.js';

/** Beginnings of SQLite's own codes. */
const KINDS: readonly (readonly [string, FaultKind])[] = [
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_PROTOCOL', 'busy'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR_WRITE', 'full'],
  ['SQLITE_READONLY_DBMOVED', 'replaced'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_PERM', 'read-only'],
  ['SQLITE_CANTOPEN', 'disk'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_IOERR', 'disk'],
];

const ADVICE: Readonly<Record<FaultKind, string>> = {
  busy: 'another program holds its write lock; end that program or its transaction',
  late: 'it was not reached in time; the machine or its disk is busy',
  full: 'the disk is full or a size limit is reached; make room',
  'read-only': 'it cannot be written; give the host the right to write the file and its folder',
  damaged: 'it is damaged or no database; put a backup in its place, or move it away and restart',
  missing: 'it is gone; put it back, or restart the host to begin with an empty one',
  replaced: 'another file has taken its place',
  disk: 'the disk refuses it; look after the disk, the folder and its rights',
  silent: 'its thread does not answer; look after the disk',
  closed: 'it is closed',
  statement: 'a statement failed',
};

const codeOf = (thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : '';
};

/** @param detail What SQLite said. */
export function storageFault(
  kind: FaultKind,
  file: string,
  detail = '',
  options?: ErrorOptions,
): StorageFault {
  const why = detail === '' ? '' : ` (${detail})`;
  return new StorageFault(kind, `${file}: ${ADVICE[kind]}${why}`, options);
}

/** What a thrown value says of the file. */
export function faultOf(thrown: unknown, file: string): StorageFault {
  if (thrown instanceof StorageFault) return thrown;
  const code = codeOf(thrown);
  const [, kind = 'statement'] = KINDS.find(([prefix]) => code.startsWith(prefix)) ?? [];
  const message = describeThrown(thrown);
  return storageFault(kind, file, code === '' ? message : `${message}, ${code}`, { cause: thrown });
}
