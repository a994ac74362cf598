/** A model as a plugin asks for it. */
export interface ModelName {
  readonly id: string;
  /** A label or a version. */
  readonly which: string;
}

/** The label of the version that a bare name means. */
export const STABLE = 'stable';

/** `convergence`, `convergence@canary` or `convergence@3`; undefined for anything else. */
export function parseModelName(name: string): ModelName | undefined {
  const match = /^([a-z][a-z0-9-]*)(?:@([a-z][a-z0-9-]*|\d+(?:\.\d+)*))?$/.exec(name);
  const [, id, which = STABLE] = match ?? [];
  return id === undefined ? undefined : { id, which };
}

export function isVersion(text: string): boolean {
  return /^\d+(\.\d+)*$/.test(text);
}

/** By numbers, so that 10 comes after 9. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
