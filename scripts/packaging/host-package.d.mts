export interface Platform {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: string | undefined;
}
interface ForPlatform {
  readonly name?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}
export interface PackOptions {
  readonly root: string;
  readonly into: string;
  readonly platform?: Platform;
}
export function thisPlatform(): Platform;
export function isFor(platform: Platform, manifest: ForPlatform): boolean;
export function isNeeded(name: string, path: string, platform: Platform): boolean;
export function packHost(
  options: PackOptions,
): Promise<{ readonly tarball: string; readonly sbom: string }>;
export function unpackHost(options: PackOptions): Promise<void>;
export function writeBillOfMaterials(folder: string, file: string): Promise<void>;
