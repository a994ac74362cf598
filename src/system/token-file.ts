import { describeThrown } from '../domain/errors/host-error.js';
import { readBoundedSync } from './bounded-file.js';

const SHORTEST = 16;
const BOUND = { kind: 'token', maxBytes: 4096 };

/** The token that a file holds, without the white space around it, or why it holds none. The token is in no problem. */
export function readToken(file: string): { readonly token: string } | { readonly problem: string } {
  try {
    const token = readBoundedSync(file, BOUND).toString('utf8').trim();
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
