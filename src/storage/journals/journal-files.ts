import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where journals are written; tests bring disks that fail. */
export interface JournalFiles {
  /**
   * Writes at an offset, over whatever a write that failed left there. The first write makes the file and its folder; a later one does
   * not, so that a file that somebody removed does not come back without its beginning.
   * @param isLast Also waits until the disk has it.
   */
  write(path: string, bytes: Uint8Array, offset: number, isLast: boolean): Promise<void>;
  /** Makes an empty file where there is none. @returns false where there is one. @throws when the disk refuses. */
  make(path: string): Promise<boolean>;
  /** @throws when the disk refuses. */
  remove(path: string): Promise<void>;
}

async function openAt(path: string, offset: number): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants;
  if (offset > 0) return open(path, O_WRONLY | O_NOFOLLOW);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return open(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600);
}

/** No handle stays open between writes: a host has as many as it would without journals. */
export const nodeJournalFiles: JournalFiles = {
  make: async (path) => {
    try {
      await (await open(path, 'wx', 0o600)).close();
      return true;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw thrown;
    }
  },
  remove: (path) => rm(path, { force: true }),
  write: async (path, bytes, offset, isLast) => {
    const handle = await openAt(path, offset);
    try {
      for (let done = 0; done < bytes.byteLength; ) {
        const left = bytes.byteLength - done;
        const { bytesWritten } = await handle.write(bytes, done, left, offset + done);
        done += bytesWritten;
      }
      if (isLast) await handle.datasync();
    } catch (thrown) {
      // Half a line would hide where the journal ends. If the disk refuses this, too, the tail is torn.
      await handle.truncate(offset).catch(() => undefined);
      throw thrown;
    } finally {
      await handle.close();
    }
  },
};
