import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions, isVersion } from './model-name.js';

function subfolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => entry.name);
  } catch {
    // No folder, no models: whoever asks for one is told which folder was looked in.
    return [];
  }
}

/** Model id -> versions ascending, by the names of the folders alone. */
export function findModels(directory: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const id of [...subfolders(directory)].sort()) {
    const versions = subfolders(join(directory, id)).filter(isVersion);
    if (versions.length > 0) found.set(id, [...versions].sort(compareVersions));
  }
  return found;
}
