import { createHash } from 'node:crypto';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { FoundPlugin } from './plugin-discovery.js';

export interface CodeIdentity {
  /** Without symbolic links, as Node knows modules. */
  readonly place: string;
  /** SHA-256 of the files. */
  readonly content: string;
}

/**
 * Remembers the files that plugin code was loaded from. Node loads a module once for the life of the process, so files that
 * changed afterwards would be believed to run while the old ones do, or run beside them.
 */
export class PluginCode {
  readonly #loaded = new Map<string, string>();

  /**
   * Identifies the code of a plugin: where it really lies, and what it is.
   * @throws HostError `plugin-changed` when it was loaded and has changed since; `plugin-manifest` when it cannot be read.
   */
  async identify(plugin: FoundPlugin): Promise<CodeIdentity> {
    const identity = await readCode(plugin);
    const { folder, manifest } = plugin;
    const known = this.#loaded.get(identity.place);
    if (known !== undefined && known !== identity.content) {
      throw new HostError('plugin-changed', { plugin: manifest.id, folder });
    }
    return identity;
  }

  /** To be called before the code is imported, which counts even when it fails. */
  loading({ place, content }: CodeIdentity): void {
    this.#loaded.set(place, content);
  }
}

/** The code as it lies there now. @throws HostError `plugin-manifest` when it cannot be read. */
export async function readCode({ folder }: FoundPlugin): Promise<CodeIdentity> {
  try {
    const place = await realpath(folder);
    return { place, content: await hashOf(place) };
  } catch (thrown) {
    const problem = describeThrown(thrown);
    throw new HostError('plugin-manifest', { file: folder, problem }, { cause: thrown });
  }
}

/** Folders of dependencies, and what Python writes beside its sources when it runs them. */
const NOT_CODE = /(^|[/\\])(node_modules|__pycache__|\.venv)([/\\]|$)/;

/** Of every file in the folder, dependencies apart: code may read any of them, such as a table, an addon or WebAssembly. */
async function hashOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !NOT_CODE.test(relative(folder, path)))
    .sort();
  const hash = createHash('sha256');
  for (const path of files) hash.update(`${relative(folder, path)}\0`).update(await readFile(path));
  return hash.digest('hex');
}
