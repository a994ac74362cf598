import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import { writeWhole } from '../../system/whole-file.js';
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

async function replace(file: string, text: string, expectedSha256: string): Promise<void> {
  try {
    // What somebody writes after this read is overwritten, which takes microseconds.
    await writeWhole(file, text, async () => {
      if ((await read(file)).sha256 === expectedSha256) return;
      throw new HostError('config-edited', { file });
    });
  } catch (thrown) {
    if (HostError.is(thrown)) throw thrown;
    const params = { file, problem: describeThrown(thrown) };
    throw new HostError('config-not-writable', params, { cause: thrown });
  }
}

export const nodeConfigFiles: ConfigFiles = { read, replace };
