import type { TracingConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { Tracing } from '../observability/tracing.js';
import { packagePaths } from './package-paths.js';

/** Tracing where the configuration asks for it. Otherwise its libraries are not even loaded. */
export async function openTracing(config: TracingConfig, log: Log): Promise<Tracing | undefined> {
  if (config.endpoint === undefined) return undefined;
  const { Tracing: Opened } = await import('../observability/tracing.js');
  return new Opened({ config, version: packagePaths().version, log });
}
