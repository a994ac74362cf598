import { snake } from '../domain/snake-case.js';

/** A command's answer for programs. What is undefined is null, so that keys do not come and go. */
export function asJson(value: unknown): string {
  return JSON.stringify(snake(value), (_key, part) => (part === undefined ? null : part));
}
