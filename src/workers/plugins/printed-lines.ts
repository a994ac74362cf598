import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Longer ones are cut: a plugin may print without ever ending a line. */
const LONGEST_LINE = 2000;

/** Calls back for each line that is printed, and reads on whatever comes, so that nobody has to wait who prints. */
export function printedLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) if (line.trim() !== '') onLine(line.slice(0, LONGEST_LINE));
  });
  stream.on('end', () => {
    if (rest.trim() !== '') onLine(rest);
  });
  stream.on('error', () => undefined);
}
