import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { HOST } from './programs.js';

/** A host in a process of its own, on a free port. */
export class ArmHost {
  readonly address: string;
  readonly #stop: () => Promise<unknown>;

  private constructor(address: string, stop: () => Promise<unknown>) {
    this.address = address;
    this.#stop = stop;
  }

  /** Resolves once models are loaded and the host serves; its log goes into a file beside its configuration. */
  static async start(configFile: string): Promise<ArmHost> {
    const child = execa('node', [HOST, 'serve', '--config', configFile], {
      reject: false,
      buffer: { stdout: false, stderr: true },
    });
    const log = createWriteStream(configFile.replace(/\.yaml$/, '.log'));
    const address = await new Promise<string | undefined>((resolve) => {
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        log.write(`${line}\n`);
        const entry = line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : {};
        if (entry['msg'] === 'serving') resolve(String(entry['address']));
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
    return new ArmHost(address, () => {
      child.kill('SIGTERM');
      return child;
    });
  }

  async stop(): Promise<void> {
    await this.#stop();
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
