import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { expect } from 'vitest';

/** The terminal of a guide's reader, in `folder`: what one block exports, the next ones have. */
export function guideTerminal(folder: string) {
  const environment: Record<string, string> = {};

  function launch(script: string) {
    // exec, so that the signal at the end reaches the host and not a shell.
    const args = ['-ec', `exec ${script}`];
    return execa('bash', args, { cwd: folder, env: environment, reject: false, buffer: false });
  }
  const servers: ReturnType<typeof launch>[] = [];

  return {
    environment,
    /** Runs a host until `end`, in a terminal of its own. */
    async serve(script: string): Promise<void> {
      const server = launch(script);
      servers.push(server);
      for await (const line of createInterface({ input: server.stdout })) {
        if (line.includes('"serving"')) break;
      }
      server.stdout.resume();
    },
    /** What the block prints. */
    async run(script: string): Promise<string> {
      const { stdout } = await execa('bash', ['-ec', script], { cwd: folder, env: environment });
      for (const [, name = '', value = ''] of script.matchAll(/^export (\w+)=(\S+)$/gm)) {
        environment[name] = value;
      }
      return stdout;
    },
    async end(): Promise<void> {
      for (const server of servers) server.kill('SIGTERM');
      for (const server of servers) expect((await server).exitCode).toBe(0);
    },
  };
}
