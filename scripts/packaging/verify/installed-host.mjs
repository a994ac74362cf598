// The host as an operator has it: installed from its tarball in an empty folder, without a registry, and served from there.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

/** Nobody's: a package that is asked for there was not in the tarball. */
const NO_REGISTRY = 'http://127.0.0.1:9/';

/** Free ports in place of the usual ones, which another host may have. */
export function onFreePorts(config) {
  const text = readFileSync(config, 'utf8');
  writeFileSync(config, text.replaceAll(/(address: 127\.0\.0\.1:)\d+/g, '$10'));
}

export class InstalledHost {
  #prefix;
  #environment;
  #process;

  /** `folder` is empty; `nodeFolder` has the program `node` that runs everything; `prefix` may have an installation already. */
  constructor(folder, nodeFolder, prefix = join(folder, 'prefix')) {
    this.folder = folder;
    this.#prefix = prefix;
    this.package = join(prefix, 'lib/node_modules/dh-advisor');
    const npm = dirname(process.env.npm_execpath ?? '/usr/bin/npm');
    const path = [nodeFolder, join(this.#prefix, 'bin'), npm, '/usr/local/bin', '/usr/bin', '/bin'];
    // Nothing of the checkout is on the way: no NODE_PATH, no configuration of npm, no folder above.
    this.#environment = {
      PATH: path.join(':'),
      HOME: folder,
      npm_config_registry: NO_REGISTRY,
      npm_config_fetch_retries: '0',
      npm_config_update_notifier: 'false',
      npm_config_cache: join(folder, 'npm-cache'),
    };
  }

  /** Runs a command as in a shell of that folder; rejects with its message when it fails. */
  run(command, args, { env = {}, ...options } = {}) {
    return execa(command, args, {
      cwd: this.folder,
      extendEnv: false,
      env: { ...this.#environment, ...env },
      ...options,
    });
  }

  advisor(...args) {
    const env = this.operatorAddress ? { DH_ADVISOR_OPERATOR: this.operatorAddress } : {};
    return this.run('dh-advisor', args, { env });
  }

  /** A tarball, or the folder of an unpacked one, which npm links. */
  async install(tarball) {
    await this.run('npm', ['install', '--global', '--prefix', this.#prefix, tarball]);
  }

  /** On disk, with what the file system rounds up. */
  async installedMb() {
    const { stdout } = await this.run('du', ['-smL', this.#prefix]);
    return Number.parseInt(stdout, 10);
  }

  /** Resolves when it serves. */
  async serve(config) {
    const host = this.run('dh-advisor', ['serve', '--config', config], {
      buffer: false,
      reject: false,
    });
    this.#process = host;
    let stderr = '';
    host.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    for await (const line of createInterface({ input: host.stdout })) {
      const entry = JSON.parse(line);
      if (entry.msg !== 'serving') continue;
      this.address = entry.address;
      this.httpAddress = entry.httpAddress;
      this.operatorAddress = entry.operatorAddress;
      host.stdout.resume();
      return;
    }
    throw new Error(`the host ended before it served: ${stderr}`);
  }

  /** As an orchestrator asks. */
  async isHealthy() {
    const check = [join(this.package, 'deploy/healthcheck.mjs')];
    const env = { DH_ADVISOR_HTTP: this.httpAddress };
    const { exitCode } = await this.run('node', check, { env, reject: false });
    return exitCode === 0;
  }

  /** Drains; the exit code, undefined when it did not run. */
  async stop() {
    this.operatorAddress = undefined;
    this.#process?.kill('SIGTERM');
    return (await this.#process)?.exitCode;
  }
}
