import type { Options, Result } from 'execa';

export function onFreePorts(config: string): void;

export class InstalledHost {
  constructor(folder: string, nodeFolder: string, prefix?: string);
  readonly folder: string;
  readonly package: string;
  readonly address?: string;
  readonly httpAddress?: string;
  readonly operatorAddress?: string;
  run(command: string, args: readonly string[], options?: Options): Promise<Result & TextResult>;
  advisor(...args: readonly string[]): Promise<Result & TextResult>;
  install(tarball: string): Promise<void>;
  installedMb(): Promise<number>;
  serve(config: string): Promise<void>;
  isHealthy(): Promise<boolean>;
  stop(): Promise<number | undefined>;
}

interface TextResult {
  readonly stdout: string;
  readonly stderr: string;
}
