import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './doc-examples.js';

export interface Block {
  /** The name at the beginning of the line before, for files. */
  readonly file: string | undefined;
  readonly language: string;
  readonly text: string;
}

/** A page's blocks of code, in order. */
export function blocksOf(document: string): readonly Block[] {
  const page = readFileSync(join(root, document), 'utf8');
  return [
    ...page.matchAll(/(?:^`([^`\n]+)`(?:, [^`\n]*)?:\n\n)?^```([^\n]*)\n([\s\S]*?)^```$/gm),
  ].map(([, file, language = '', text = '']) => ({ file, language, text }));
}
