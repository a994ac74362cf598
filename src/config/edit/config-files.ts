import { createHash } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import { checkConfigFile, decodeConfigText } from '../config-text.js';

/** A file's content, and what identifies it. */
export interface FileText {
  readonly text: string;
  readonly sha256: string;
}

/** The file system as configurations need it; tests bring one that fails. */
export interface ConfigFiles {
  /** @throws as `readFile`, and HostError `config-invalid` for what is no text. */
  read(file: string): Promise<FileText>;
  /**
   * Replaces the content in one step, through symbolic links.
   * @throws HostError `config-edited` when the content is not `expectedSha256` any more, `config-not-writable`.
   */
  replace(file: string, text: string, expectedSha256: string): Promise<void>;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function read(file: string): Promise<FileText> {
  checkConfigFile(file, await stat(file));
  const text = decodeConfigText(file, await readFile(file));
  return { text, sha256: sha256Of(text) };
}

/** A file that is whole on the disk, beside the one that it will replace, and nothing when that fails. */
async function writeBeside(file: string, text: string): Promise<string> {
  const fresh = join(dirname(file), `.${basename(file)}.${process.pid}.new`);
  const mode = await stat(file).then(
    (before) => before.mode,
    () => 0o666,
  );
  try {
    await writeSynced(fresh, text, mode);
  } catch (thrown) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw thrown;
  }
  return fresh;
}

async function writeSynced(fresh: string, text: string, mode: number): Promise<void> {
  const handle = await open(fresh, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Writes a file that is whole or not there; what was there before stays when the disk is full. @throws what the disk says. */
export async function writeWholeFile(file: string, text: string): Promise<void> {
  await rename(await writeBeside(file, text), file);
  await syncFolder(dirname(file));
}

async function replace(file: string, text: string, expectedSha256: string): Promise<void> {
  let fresh: string | undefined;
  try {
    const real = await realpath(file);
    fresh = await writeBeside(real, text);
    // As late as can be: what somebody writes from here on is overwritten, which takes microseconds.
    if ((await read(real)).sha256 !== expectedSha256)
      throw new HostError('config-edited', { file });
    await rename(fresh, real);
    fresh = undefined;
    await syncFolder(dirname(real));
  } catch (thrown) {
    if (fresh !== undefined) await rm(fresh, { force: true });
    if (HostError.is(thrown)) throw thrown;
    const params = { file, problem: describeThrown(thrown) };
    throw new HostError('config-not-writable', params, { cause: thrown });
  }
}

export const nodeConfigFiles: ConfigFiles = { read, replace };
