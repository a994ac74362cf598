export const OLDEST: string;
export const NEWEST: string;
export const NODE_VERSIONS: readonly { readonly version: string; readonly installedBy?: string }[];
export function nodeFolder(root: string, version: string): Promise<string>;
