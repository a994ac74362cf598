// The hosts that advised arms ask: one for each configuration, on free ports.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

export class ArmHosts {
  #hosts = new Map();
  #configOf;

  /** Everything that hosts keep lies in `folder`. `config`: of all arms, in place of their own. */
  constructor(arms, folder, config) {
    this.folder = folder;
    this.#configOf = (arm) => config ?? arm.config;
    this.configs = [...new Set(arms.filter(({ advice }) => advice).map(this.#configOf))];
  }

  async start() {
    // Compiled, and not there yet where only the help is asked for.
    const { onFreePorts } = await import('../dist/bench/lib/free-ports.js');
    const { startHost } = await import('../dist/bench/lib/servers.js');
    for (const config of this.configs) {
      if (!existsSync(config)) throw new Error(`no configuration ${config}`);
      const folder = join(this.folder, basename(config, '.yaml'));
      this.#hosts.set(config, await startHost(onFreePorts(config, folder)));
    }
  }

  /** Of the host that an arm asks; undefined where it asks none. */
  addressOf(arm) {
    return this.#hosts.get(this.#configOf(arm))?.address;
  }

  stop() {
    for (const host of this.#hosts.values()) host.stop();
  }
}
