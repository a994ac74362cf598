import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ErrorCode } from '../../domain/errors/error-codes.js';
import { describeThrown, type ErrorParams, HostError } from '../../domain/errors/host-error.js';
import { type Manifest, manifestSchema } from '../../plugin-sdk/index.js';

/** A plugin folder with a valid manifest. Its code has not run. */
export interface FoundPlugin {
  readonly manifest: Manifest;
  readonly folder: string;
  /** One of the host's own. */
  readonly isBuiltIn?: boolean;
}

/** A plugin that cannot be used. */
export interface RefusedPlugin {
  /** The id, or the folder's name when the manifest cannot be read. */
  readonly id: string;
  readonly error: HostError;
}

export interface Discovery {
  readonly found: ReadonlyMap<string, FoundPlugin>;
  readonly refused: readonly RefusedPlugin[];
}

export interface PluginPlaces {
  /** Folders of plugin folders, in order; the first is the host's own. */
  readonly directories: readonly string[];
  readonly packages: readonly string[];
  /** Where package names are resolved from. */
  readonly resolveFrom: string;
}

/** Reads every plugin.json. Nothing found here is executed, and nothing thrown: each fault refuses its own plugin. */
export function discoverPlugins(places: PluginPlaces): Discovery {
  const found = new Map<string, FoundPlugin>();
  const refused: RefusedPlugin[] = [];
  const add = (name: string, folder: string, isBuiltIn = false) => {
    try {
      const { manifest } = readPlugin(folder);
      const first = found.get(manifest.id);
      if (first !== undefined) {
        throw coded('plugin-duplicate', {
          plugin: manifest.id,
          first: first.folder,
          second: folder,
        });
      }
      found.set(manifest.id, { manifest, folder, isBuiltIn });
    } catch (thrown) {
      if (!HostError.is(thrown)) throw thrown;
      refused.push({ id: name, error: thrown });
    }
  };
  for (const [index, directory] of places.directories.entries()) {
    for (const name of pluginFolders(directory, refused)) {
      add(name, join(directory, name), index === 0);
    }
  }
  const { resolve } = createRequire(join(places.resolveFrom, 'package.json'));
  for (const name of places.packages) {
    try {
      add(name, dirname(resolve(`${name}/plugin.json`)));
    } catch (thrown) {
      const error = coded('plugin-manifest', { file: name, problem: describeThrown(thrown) });
      refused.push({ id: name, error });
    }
  }
  return { found, refused };
}

function coded(code: ErrorCode, params: ErrorParams, cause?: unknown): HostError {
  return new HostError(code, params, cause === undefined ? undefined : { cause });
}

function pluginFolders(directory: string, refused: RefusedPlugin[]): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .filter((name) => existsSync(join(directory, name, 'plugin.json')))
      .sort();
  } catch (thrown) {
    const problem = describeThrown(thrown);
    refused.push({ id: directory, error: coded('plugin-directory', { directory, problem }) });
    return [];
  }
}

const MAX_MANIFEST_BYTES = 2 ** 20;

/** A device has no end, and a file may say that it is larger than any memory. */
function checkManifest(stats: { isFile(): boolean; readonly size: number }): void {
  if (!stats.isFile()) throw new Error('it is a folder or a device');
  if (stats.size > MAX_MANIFEST_BYTES) throw new Error(`it has ${stats.size} bytes`);
}

/** @throws HostError `plugin-manifest` */
export function readPlugin(folder: string): FoundPlugin & { readonly written: unknown } {
  const file = join(folder, 'plugin.json');
  let value: unknown;
  try {
    checkManifest(statSync(file));
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw coded('plugin-manifest', { file, problem: describeThrown(thrown) }, thrown);
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return { manifest: parsed.data, folder, written: value };
  const problem = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`)
    .join('; ');
  throw coded('plugin-manifest', { file, problem });
}
