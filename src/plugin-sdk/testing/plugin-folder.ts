import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as sdk from '../index.js';
import type { PluginUnderTest } from './contract.js';

/**
 * Reads a plugin folder as the host does. An entry that is not compiled yet is looked for as TypeScript, for runners
 * that import it.
 */
export async function readPluginFolder(folder: string): Promise<PluginUnderTest> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'plugin.json'), 'utf8'));
  const compiled = join(folder, sdk.manifestSchema.parse(manifest).entry);
  const entry = existsSync(compiled) ? compiled : compiled.replace(/js$/, 'ts');
  const { plugin } = (await import(pathToFileURL(entry).href)) as { readonly plugin: unknown };
  return { manifest, plugin: typeof plugin === 'function' ? plugin(sdk) : plugin };
}
