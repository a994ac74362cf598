import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalsConfig } from '../../domain/host-config.js';

export const JOURNAL_SUFFIX = '.journal';

/** `part`: a session that went on at another host, or after a restart, has a file for each of them, counted from 0. */
export function journalPath(directory: string, sessionId: string, part = 0): string {
  return join(directory, `${sessionId}${part === 0 ? '' : `.${part}`}${JOURNAL_SUFFIX}`);
}

const DAY_MS = 86_400_000;
/** A last line that closes a journal is shorter. */
const TAIL_BYTES = 512;

interface FoundJournal {
  readonly path: string;
  readonly bytes: number;
  readonly writtenMs: number;
}

export interface CleaningServices {
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Whether this host still writes it. */
  readonly isOpen: (path: string) => boolean;
  readonly onFault: (path: string, thrown: unknown) => void;
}

/** Oldest first. What is removed meanwhile, by a host on the same directory, is left out. */
async function findJournals(directory: string): Promise<readonly FoundJournal[]> {
  const names = await readdir(directory).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  const found: FoundJournal[] = [];
  for (const name of names.filter((each) => each.endsWith(JOURNAL_SUFFIX))) {
    const path = join(directory, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile()) found.push({ path, bytes: stats.size, writtenMs: stats.mtimeMs });
  }
  return found.sort((a, b) => a.writtenMs - b.writtenMs);
}

/** Whether a journal ends with the end of its plan. */
async function isClosed(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(TAIL_BYTES),
      position: Math.max(0, size - TAIL_BYTES),
    });
    return /"entry":\{"kind":"close",[^\n]*\}\}\n$/.test(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/**
 * Removes journals that are too old, then the oldest until the rest fits. Never one of a plan that may be open: of this host, of another on
 * the same directory, or one that waits for a resume.
 * @returns the bytes that are left.
 * @throws when the directory cannot be read.
 */
export async function cleanJournals(
  { directory, keepDays, maxTotalBytes, openAtMostMs }: JournalsConfig,
  { wallMs, isOpen, onFault }: CleaningServices,
): Promise<number> {
  const found = await findJournals(directory);
  const nowMs = wallMs();
  let leftBytes = found.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes, writtenMs } of found) {
    const ageMs = nowMs - writtenMs;
    const isTooOld = ageMs > keepDays * DAY_MS;
    if (!isTooOld && leftBytes <= maxTotalBytes) continue;
    try {
      const mayGo = !isOpen(path) && (ageMs > openAtMostMs || (await isClosed(path)));
      if (!mayGo) continue;
      await rm(path, { force: true });
      leftBytes -= bytes;
    } catch (thrown) {
      onFault(path, thrown);
    }
  }
  return leftBytes;
}
