import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export function sha256(...parts: readonly (string | NodeJS.ArrayBufferView)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** Hash of a file, or of all files of a folder with their names. Of a path that is not there: of nothing. */
export function hashFiles(path: string, wanted = /./): string {
  if (!existsSync(path)) return sha256();
  if (statSync(path).isFile()) return sha256(readFileSync(path));
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return sha256(...files.flatMap((file) => [relative(path, file), readFileSync(file)]));
}
