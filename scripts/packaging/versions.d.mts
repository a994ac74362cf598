export const VERSIONED: readonly { readonly file: string; readonly before: RegExp }[];
export function productVersion(root: string): string;
export function followingVersions(
  root: string,
): readonly { readonly file: string; readonly version: string }[];
export function writeVersion(root: string, version: string): readonly string[];
