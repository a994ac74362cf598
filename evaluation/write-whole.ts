import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Writes a file that has its name only when it is whole and on the disk; what stood there before stays until then, and
 * for good when writing fails.
 */
export function writeWhole(file: string, text: string): void {
  const part = `${file}.part`;
  try {
    const opened = openSync(part, 'w');
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(opened, bytes, at);
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    renameSync(part, file);
  } catch (thrown) {
    rmSync(part, { force: true });
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`${file} can't be written: ${reason}; check its folder and the disk`, {
      cause: thrown,
    });
  }
}
