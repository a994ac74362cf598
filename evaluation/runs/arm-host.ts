import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { HOST } from '../programs.js';

/** Where the host of a configuration file logs, one start after the other. */
export const logOf = (configFile: string): string => configFile.replace(/\.yaml$/, '.log');

/** A host in a process of its own, where its configuration says; on a free port when that names none. */
export class ArmHost {
  readonly address: string;
  readonly #end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<unknown>;

  private constructor(address: string, end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<unknown>) {
    this.address = address;
    this.#end = end;
  }

  /** Resolves once models are loaded and the host serves; its log goes into a file beside its configuration. */
  static async start(configFile: string): Promise<ArmHost> {
    const child = execa('node', [HOST, 'serve', '--config', configFile], {
      reject: false,
      buffer: { stdout: false, stderr: true },
    });
    const log = createWriteStream(logOf(configFile), { flags: 'a' });
    const isLogged = once(log, 'close');
    const address = await new Promise<string | undefined>((resolve) => {
      const lines = createInterface({ input: child.stdout });
      let isServing = false;
      lines.on('line', (line) => {
        log.write(`${line}\n`);
        // Later lines need not be whole: a killed host's last one may be torn.
        if (isServing || !line.startsWith('{')) return;
        const entry = JSON.parse(line) as Record<string, unknown>;
        isServing = entry['msg'] === 'serving';
        if (isServing) resolve(String(entry['address']));
      });
      lines.on('close', () => {
        log.end();
        resolve(undefined);
      });
    });
    if (address === undefined) {
      const { exitCode, stderr } = await child;
      throw new Error(`the host of ${configFile} ended (${exitCode}) before it served: ${stderr}`);
    }
    return new ArmHost(address, (signal) => {
      child.kill(signal);
      return Promise.all([child, isLogged]);
    });
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** At once, as a crash would; resolves when the process is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }
}

/** One host for an arm, started with its first run and stopped with its last. */
export class HostPool {
  readonly #hosts = new Map<string, Promise<ArmHost>>();
  readonly #users = new Map<string, number>();

  /** Announces runs, so that a host is not stopped between two of them. */
  expect(configFile: string, runs: number): void {
    this.#users.set(configFile, (this.#users.get(configFile) ?? 0) + runs);
  }

  address(configFile: string): Promise<string> {
    const host = this.#hosts.get(configFile) ?? ArmHost.start(configFile);
    this.#hosts.set(configFile, host);
    return host.then(({ address }) => address);
  }

  /** One announced run has ended, however it did. */
  async release(configFile: string): Promise<void> {
    const left = (this.#users.get(configFile) ?? 0) - 1;
    this.#users.set(configFile, left);
    if (left > 0) return;
    const host = this.#hosts.get(configFile);
    this.#hosts.delete(configFile);
    await host?.then(
      (started) => started.stop(),
      // It never served; its runs have said so.
      () => undefined,
    );
  }
}
