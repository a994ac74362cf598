import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type LogEntry = Readonly<Record<string, unknown>>;

function launch(config: string, env: Readonly<Record<string, string>>) {
  const args = [join(root, 'dist/src/main.js'), 'serve', '--config', config];
  return execa('node', args, { reject: false, buffer: false, env });
}

/** The real host in a process of its own, on free ports, with the roles a test asks for. */
export class HostProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), 'dh-advisor-host-'));
  readonly #roles: string;
  readonly #more: string;
  readonly #server: string;
  readonly #each: string;
  readonly #plugins: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly configFile = join(this.#folder, 'host.yaml');
  readonly #logged = new EventEmitter();
  readonly log: LogEntry[] = [];
  #process: ReturnType<typeof launch> | undefined;
  #allRead: Promise<unknown> = Promise.resolve();
  address = '';
  operatorAddress = '';
  httpAddress = '';
  /** Of the operators' page, as the host tells it. */
  page = '';

  /** `roles`: the body of the YAML key, already indented by two. `more`: whole further keys; `server`: further keys of that one; `each`: of all three listeners; `plugins`: in place of fixtures that run in the host. */
  constructor(
    roles: string,
    more = '',
    environment: Readonly<Record<string, string>> = {},
    server = '',
    each = '',
    plugins = `{ directories: ['${join(root, 'test/fixtures/plugins')}', '${join(root, 'test/fixtures/faulty-plugins')}'], isolation: { default: inline } }`,
  ) {
    this.#plugins = plugins;
    this.#each = each && `, ${each}`;
    this.#server = server;
    this.#roles = roles;
    this.#more = more;
    this.#environment = environment;
  }

  async start(): Promise<this> {
    // Started again after a crash it finds its file as it was left, and its page where it was.
    const http = this.httpAddress || '127.0.0.1:0';
    if (existsSync(this.configFile)) {
      const text = readFileSync(this.configFile, 'utf8');
      writeFileSync(
        this.configFile,
        text.replace(/^http: .*$/m, `http: { address: '${http}'${this.#each} }`),
      );
    } else this.#write(http);
    const child = launch(this.configFile, this.#environment);
    this.#process = child;
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as LogEntry;
      this.log.push(entry);
      this.#logged.emit(String(entry['msg']), entry);
    });
    this.#allRead = once(lines, 'close');
    lines.on('close', () => this.#logged.emit('error', new Error('the host has ended')));
    const serving = await this.says('serving');
    // From now on an end is what the test wants.
    this.#logged.on('error', () => {});
    this.address = String(serving['address']);
    this.operatorAddress = String(serving['operatorAddress']);
    this.httpAddress = String(serving['httpAddress']);
    this.page = String(serving['page']);
    return this;
  }

  #write(http: string): void {
    writeFileSync(
      this.configFile,
      `version: 1
server: { address: '127.0.0.1:0', drain_ms: 500${this.#server && `, ${this.#server}`}${this.#each} }
operator: { address: '127.0.0.1:0'${this.#each} }
http: { address: '${http}'${this.#each} }
plugins: ${this.#plugins}
${this.#more}
roles:
${this.#roles}`,
    );
  }

  /** Runs `dh-advisor` as an operator of this host; rejects with its message when it fails. */
  async operate(...args: string[]): Promise<string> {
    const { stdout } = await execa('node', [join(root, 'dist/src/main.js'), ...args], {
      env: { DH_ADVISOR_OPERATOR: this.operatorAddress },
    });
    return stdout;
  }

  /** Waits for the next log line with this message. */
  async says(message: string): Promise<LogEntry> {
    const [entry] = (await once(this.#logged, message)) as [LogEntry];
    return entry;
  }

  async metrics(): Promise<string> {
    const response = await fetch(`http://${this.httpAddress}/metrics`);
    return response.text();
  }

  /** One figure of /metrics, the sum of all series whose line contains every part. */
  async metric(...parts: string[]): Promise<number> {
    return (await this.metrics())
      .split('\n')
      .filter((line) => !line.startsWith('#') && parts.every((part) => line.includes(part)))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** A signal, and nothing else. */
  signal(name: NodeJS.Signals): void {
    this.#process?.kill(name);
  }

  /** How the process ended, once it has and its log is read: its status, or the signal. */
  async ended(): Promise<{ exitCode?: number | undefined; signal?: string | undefined }> {
    const ended = await this.#process;
    await this.#allRead;
    return { exitCode: ended?.exitCode, signal: ended?.signal };
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** At once, as a crash would. */
  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  /** The same, and resolves when the process is gone. */
  async crash(): Promise<void> {
    this.kill();
    await this.#process;
  }

  async stop(): Promise<number | undefined> {
    this.#process?.kill('SIGTERM');
    const ended = await this.#process;
    rmSync(this.#folder, { recursive: true, force: true });
    return ended?.exitCode;
  }
}

// Deadlines that a busy machine keeps: the tests are about answers, not about speed.
const PATIENT = 'deadline_ms: 10000';

export const CLASSICAL = `  initialization: { plugin: uniform, ${PATIENT} }
  histogram-sigma: { plugin: structure-rules, ${PATIENT} }
  pyramid-sigma: { plugin: fixed-schedule, ${PATIENT} }
  adaptive-variance: { plugin: level-default, ${PATIENT} }
  step-direction: { plugin: lbfgs, ${PATIENT} }
  early-stopping: { plugin: plateau, ${PATIENT} }
`;
