export function withRegions(document: string, read: (path: string) => string): string;
export function includeRegions(path: string, root?: URL): string;
