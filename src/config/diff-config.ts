import type { SettingDifference } from '../domain/operations/operations.js';
import type { RawConfig } from './schema/config-schema.js';
import { formatPath, type Path } from './yaml-document.js';

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return isBranch(value) && !Array.isArray(value);
}

function compare(before: unknown, after: unknown, path: Path): readonly SettingDifference[] {
  // A whole section that comes or goes is named setting by setting.
  if (before === undefined && isSection(after)) return compare({}, after, path);
  if (after === undefined && isSection(before)) return compare(before, {}, path);
  if (!isBranch(before) || !isBranch(after)) {
    return Object.is(before, after) ? [] : [{ path: formatPath(path), before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => compare(before[key], after[key], [...path, key]));
}

/** What two configurations mean differently, defaults filled in; comments and order do not count. */
export function diffConfig(before: RawConfig, after: RawConfig): readonly SettingDifference[] {
  return compare(before, after, []);
}
