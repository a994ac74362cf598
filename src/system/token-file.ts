import { readFileSync, statSync } from 'node:fs';
import { describeThrown } from '../domain/errors/host-error.js';

const SHORTEST = 16;
const LARGEST = 4096;

/** The token that a file holds, without the white space around it, or why it holds none. The token is in no problem. */
export function readToken(file: string): { readonly token: string } | { readonly problem: string } {
  try {
    const { size } = statSync(file);
    if (size > LARGEST) return { problem: `${file} has ${size} bytes, which no token has` };
    const token = readFileSync(file, 'utf8').trim();
    if (token.length < SHORTEST) {
      return { problem: `${file} holds less than ${SHORTEST} characters, which can be guessed` };
    }
    if (/[^\x21-\x7e]/.test(token)) {
      return { problem: `${file} holds more than one word of plain characters` };
    }
    return { token };
  } catch (thrown) {
    return { problem: `${file} cannot be read: ${describeThrown(thrown)}` };
  }
}
