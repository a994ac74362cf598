import { HostError } from '../../domain/errors/host-error.js';
import type { ConfigSource, HostConfig } from '../../domain/host-config.js';
import type {
  ChangeReport,
  ConfigControl,
  GenerationRecord,
  RefusedChange,
} from '../../domain/operations/operations.js';

/** One configuration for the life of the host. */
export class FixedConfigSource implements ConfigSource, ConfigControl {
  readonly #config: HostConfig;

  constructor(config: HostConfig) {
    this.#config = config;
  }

  current(): HostConfig {
    return this.#config;
  }

  change(): Promise<ChangeReport> {
    return Promise.reject(new HostError('config-fixed'));
  }

  generations(): readonly GenerationRecord[] {
    return [];
  }

  refusals(): readonly RefusedChange[] {
    return [];
  }

  textOf(): undefined {
    return undefined;
  }

  differences(generation: number): never {
    throw new HostError('generation-unknown', { generation, known: 'none' });
  }

  onChange(): void {
    // It never changes.
  }
}
