import { cutText } from '../cut-text.js';
import { ERROR_CODES, type ErrorCode, type ErrorCodeEntry } from './error-codes.js';

const brand = Symbol.for('dh-advisor/host-error');

export type ErrorParams = Readonly<Record<string, string | number>>;

/** Lists that the host makes itself, a line each. */
const LISTS = ['faults', 'known'];
const LONGEST_PARAM = 1000;

function fill(template: string, params: ErrorParams): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const text = String(params[name] ?? '');
    return LISTS.includes(name) ? text : cutText(text, LONGEST_PARAM);
  });
}

/** An error the host knows by code. Its message is fit for a client: nothing internal is in it. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(fill(ERROR_CODES[code].message, params), options);
    this.code = code;
    this.params = params;
  }

  get entry(): ErrorCodeEntry {
    return ERROR_CODES[this.code];
  }

  static is(thrown: unknown): thrown is HostError {
    return typeof thrown === 'object' && thrown !== null && brand in thrown;
  }
}

/** The text of anything thrown, for log lines and refusal reasons; never for clients. */
export function describeThrown(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    // Plugins throw what they like, an object without a prototype too.
    return 'something that cannot be written as text';
  }
}
