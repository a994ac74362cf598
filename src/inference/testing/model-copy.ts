import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A models directory of its own, so that a test can spoil files. */
export class ModelCopies {
  readonly directory = mkdtempSync(join(tmpdir(), 'dh-models-'));

  /** Copies `<id>/<version>` of another directory here and returns its folder. */
  add(from: string, name: string, as = name): string {
    const folder = join(this.directory, as);
    cpSync(join(from, name), folder, { recursive: true });
    return folder;
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** Changes a file's text. */
export function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`nothing changed in ${file}`);
  writeFileSync(file, after);
}

/** Changes a file of a model and makes its model.yaml name the new content, as a faulty exporter would. */
export function editDescribed(
  folder: string,
  file: string,
  change: (content: Buffer) => Buffer | string,
): void {
  const hash = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
  const path = join(folder, file);
  const before = readFileSync(path);
  const after = change(before);
  writeFileSync(path, after);
  edit(join(folder, 'model.yaml'), (text) => text.replace(hash(before), hash(after)));
}

/** Flips a bit in the middle of a file; twice restores it. */
export function flip(file: string): (folder: string) => void {
  return (folder) => {
    const path = join(folder, file);
    const bytes = readFileSync(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  };
}
