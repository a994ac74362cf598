import type { Logger } from '../plugin-sdk/index.js';

/** Structured log. Content (weights, doses, keys of plans or patients) never goes into it. */
export interface Log extends Logger {
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** A log whose every line carries these fields. */
  child(fields: Readonly<Record<string, unknown>>): Log;
}
