import type { Clock } from '../../domain/clock.js';
import type { HostConfig } from '../../domain/host-config.js';
import type { ConfigFiles, FileText } from '../edit/config-files.js';
import type { GenerationHistory } from '../history/generation-history.js';
import type { LoadedConfig } from '../read-config.js';

export interface LiveConfigOptions {
  readonly file: string;
  readonly files: ConfigFiles;
  readonly history: GenerationHistory;
  /** What the file says now, with its generation. */
  readonly loaded: LoadedConfig;
  readonly text: FileText;
  /** What the command line overrides. */
  readonly override: (config: HostConfig) => HostConfig;
  readonly clock: Clock;
  /** Milliseconds since 1970, UTC. */
  readonly wallMs: () => number;
}

/** A configuration in force. */
export interface ActiveConfig {
  readonly loaded: LoadedConfig;
  readonly config: HostConfig;
  readonly text: FileText;
}
