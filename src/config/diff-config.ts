import type { RawConfig } from './config-schema.js';
import { formatPath, type Path } from './yaml-document.js';

/** A setting that differs. `undefined` = not there. */
export interface ConfigChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function compare(before: unknown, after: unknown, path: Path): readonly ConfigChange[] {
  if (!isBranch(before) || !isBranch(after)) {
    return Object.is(before, after) ? [] : [{ path: formatPath(path), before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => compare(before[key], after[key], [...path, key]));
}

/** What two configurations mean differently, defaults filled in; comments and order do not count. */
export function diffConfig(before: RawConfig, after: RawConfig): readonly ConfigChange[] {
  return compare(before, after, []);
}
