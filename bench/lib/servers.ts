// Starts servers that announce their address and stops them again.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { HOST } from '../../evaluation/programs.js';

/** A server in a process of its own that serves. */
export interface Server {
  readonly address: string;
  readonly pid: number;
  /** Asks it to end. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => void;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<{ readonly exitCode?: number | undefined }>;
}

/** A line that the host logs. */
export type LogEntry = Readonly<Record<string, unknown>>;

export interface Host extends Server {
  readonly httpAddress: string;
  readonly operatorAddress: string;
}

export interface HostOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What runs the host's script, in place of `node`. */
  readonly launcher?: readonly [string, ...string[]];
  /** Another checkout, built, whose host is started in place of this one's. */
  readonly root?: string;
  /** Told of each line that it logs once it serves. */
  readonly onEntry?: (entry: LogEntry) => void;
}

interface Launch<A> {
  readonly cwd?: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Undefined for a line that does not announce. */
  readonly announced: (line: string) => A | undefined;
  readonly onLine?: (line: string) => void;
}

async function start<A>({ command, args, cwd = '.', env = {}, announced, onLine }: Launch<A>) {
  const child = execa(command, args, { cwd, reject: false, buffer: { stdout: false }, env });
  const lines = createInterface({ input: child.stdout });
  const found = await new Promise<A | undefined>((resolve) => {
    let isUp = false;
    // Read to the end, for a chatty server would block on a full pipe.
    lines.on('line', (line) => {
      if (isUp) return onLine?.(line);
      const found = announced(line);
      isUp = found !== undefined;
      if (isUp) resolve(found);
    });
    lines.on('close', () => resolve(undefined));
  });
  if (found === undefined) {
    const { stderr, exitCode, signal } = await child;
    const line = [command, ...args].join(' ');
    throw new Error(`${line} ended (${exitCode ?? signal}) without an address: ${stderr}`);
  }
  const stop: Server['stop'] = (signal = 'SIGTERM') => {
    child.kill(signal);
  };
  const ended: Server['ended'] = child;
  return { found, pid: child.pid ?? 0, stop, ended };
}

/** A server that prints `host:port` as its first line. */
export async function startServer(command: string, args: readonly string[] = []): Promise<Server> {
  const announced = (line: string) => line.trim() || undefined;
  const { found: address, ...process } = await start({ command, args, announced });
  return { address, ...process };
}

const entryOf = (line: string): LogEntry => (line.startsWith('{') ? JSON.parse(line) : {});

/** The advisor itself; it logs JSON lines, one of them `serving`. Resolves when it serves. */
export async function startHost(
  configFile: string,
  { env = {}, launcher = ['node'], root, onEntry }: HostOptions = {},
): Promise<Host> {
  const [command, ...before] = launcher;
  const { found, ...process } = await start({
    command,
    args: [
      ...before,
      root === undefined ? HOST : join(root, HOST),
      'serve',
      '--config',
      configFile,
    ],
    cwd: root ?? '.',
    env,
    announced: (line) => {
      const entry = entryOf(line);
      return entry['msg'] === 'serving' ? entry : undefined;
    },
    onLine: (line) => onEntry?.(entryOf(line)),
  });
  const addressOf = (key: string) => String(found[key]);
  return {
    address: addressOf('address'),
    httpAddress: addressOf('httpAddress'),
    operatorAddress: addressOf('operatorAddress'),
    ...process,
  };
}
