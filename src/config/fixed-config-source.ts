import type { ConfigSource, HostConfig } from '../domain/host-config.js';

/** One configuration for the life of the host. */
export class FixedConfigSource implements ConfigSource {
  readonly #config: HostConfig;

  constructor(config: HostConfig) {
    this.#config = config;
  }

  current(): HostConfig {
    return this.#config;
  }
}
