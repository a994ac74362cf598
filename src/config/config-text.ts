import { HostError } from '../domain/errors/host-error.js';

/** Far beyond any configuration; what is larger was not meant to be one. */
export const MAX_CONFIG_BYTES = 2 ** 20;

/** A file that may be read as a configuration at all. @throws HostError `config-invalid` */
export function checkConfigFile(file: string, stats: { isFile(): boolean; size: number }): void {
  if (!stats.isFile()) refuse(file, 1, 'is a folder or a device; name a file');
  if (stats.size > MAX_CONFIG_BYTES) {
    refuse(file, 1, `has ${stats.size} bytes; a configuration has at most ${MAX_CONFIG_BYTES}`);
  }
}

/**
 * The text of a file's bytes. What is not UTF-8 is refused: read with replacement characters it would be written back so by the next
 * command that edits the file. @throws HostError `config-invalid` with the line of the first byte that is wrong
 */
export function decodeConfigText(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const line = lineOfFirstFault(bytes);
    return refuse(file, line, 'holds bytes that are not UTF-8; save the file as UTF-8');
  }
}

/** The first line whose bytes alone are not valid: no character of UTF-8 holds the byte of a line break. */
function lineOfFirstFault(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let from = 0;
  for (let end = bytes.indexOf(0x0a); ; end = bytes.indexOf(0x0a, from)) {
    try {
      decoder.decode(bytes.subarray(from, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) return line;
    line += 1;
    from = end + 1;
  }
}

function refuse(file: string, line: number, problem: string): never {
  throw new HostError('config-invalid', { count: 1, faults: `${file}:${line}: ${problem}` });
}
