import type { Clock } from '../../domain/clock.js';
import { describeThrown } from '../../domain/errors/host-error.js';
import type { HostMessage, PluginMessage } from './messages.js';
import { PluginProcessEnded } from './plugin-errors.js';
import type { PluginProcess, PluginProcessSpec, StartPluginProcess } from './plugin-process.js';
import type { PluginProtocol } from './plugin-protocol.js';

/** The process is looked at this often: its memory, and whether it answers. */
const WATCH_MS = 250;
/** What may wait to be read by a process; more, and it will not catch up. */
const WAITING_BYTES = 256 * 2 ** 20;
/** Lines of the log, printed ones included, in a window; what is beyond is counted. */
const LINES = 100;
const LINES_WINDOW_MS = 10_000;
/** Of what was printed last, told with a process's end. */
const LAST_WORDS = 600;

export interface LinkOptions {
  readonly clock: Clock;
  readonly protocol: PluginProtocol;
  readonly start: StartPluginProcess;
  readonly spec: PluginProcessSpec;
  /** A process that owes an answer to a ping for so long hangs. */
  readonly hangMs: number;
  readonly onMessage: (message: PluginMessage) => void;
  readonly onLine: (
    level: string,
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ) => void;
  /** It is gone, having printed this last. Called once, after everything it said. */
  readonly onGone: (problem: string, printed: string) => void;
}

/** One life of a plugin's process: messages both ways, and an eye on it. */
export class PluginLink {
  readonly #options: LinkOptions;
  readonly #process: PluginProcess;
  readonly #calls = new Map<number, Call>();
  #nextCall = 1;
  #cancelWatch: (() => void) | undefined;
  /** Something was sent since the last ping. */
  #isOwing = false;
  #pingedMs: number | undefined;
  #watchedMs: number;
  #toldMemoryBytes = 0;
  #lines = 0;
  #windowMs: number;
  #printed = '';
  /** Why it is to end, where that is known better than by its exit. */
  #problem: string | undefined;
  #isGone = false;
  #hangMs: number;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#hangMs = options.hangMs;
    const { clock, protocol, start, spec } = options;
    this.#windowMs = clock.nowMs();
    this.#watchedMs = this.#windowMs;
    const read = protocol.toHost.reader((message) => this.#receive(message));
    this.#process = start(spec, {
      onData: (chunk) => {
        if (this.#problem !== undefined) return;
        try {
          read(chunk);
        } catch (thrown) {
          this.kill(describeThrown(thrown));
        }
      },
      onPrinted: (line) => {
        this.#printed = `${this.#printed}${line}\n`.slice(-LAST_WORDS);
        this.#line('info', 'a plugin printed', { line });
      },
      onExit: (problem) => this.#gone(this.#problem ?? problem),
    });
    this.#watchLater();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isGone(): boolean {
    return this.#isGone || this.#problem !== undefined;
  }

  send(message: HostMessage): void {
    if (this.isGone) return;
    this.#isOwing = true;
    this.#options.protocol.toPlugin.send(this.#process.pipe, message);
  }

  /** From now on. */
  hangsAfter(hangMs: number): void {
    this.#hangMs = hangMs;
    this.#forgive();
  }

  /** The number of a call to come, and its answer. @throws PluginProcessEnded, or what the plugin threw. */
  expect<T>(): { readonly call: number; readonly answer: Promise<T> } {
    const call = this.#nextCall;
    this.#nextCall += 1;
    const answer = new Promise<T>((resolve, reject) => {
      this.#calls.set(call, { resolve: resolve as (value: unknown) => void, reject });
    });
    return { call, answer };
  }

  settle(call: number, settled: (call: Call) => void): void {
    const known = this.#calls.get(call);
    this.#calls.delete(call);
    if (known !== undefined) settled(known);
  }

  /** Ends the process at once. */
  kill(problem: string): void {
    if (this.isGone) return;
    this.#problem = problem;
    this.#process.kill();
  }

  #receive(message: PluginMessage): void {
    const { pong, log } = message;
    if (pong) {
      this.#pingedMs = undefined;
      this.#toldMemoryBytes = pong.memoryBytes;
    } else if (log) this.#line(log.level, log.message, { fields: log.fieldsJson });
    else this.#options.onMessage(message);
  }

  #line(level: string, message: string, fields: Readonly<Record<string, unknown>>): void {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#windowMs > LINES_WINDOW_MS) {
      const dropped = this.#lines - LINES;
      this.#windowMs = nowMs;
      this.#lines = 0;
      if (dropped > 0) this.#options.onLine('warn', 'a plugin wrote too many lines', { dropped });
    }
    this.#lines += 1;
    if (this.#lines <= LINES) this.#options.onLine(level, message, fields);
  }

  #watchLater(): void {
    this.#cancelWatch = this.#options.clock.schedule(WATCH_MS, () => {
      this.#watch();
      if (!this.isGone) this.#watchLater();
    });
  }

  /** What was owed counts from now on. */
  #forgive(): void {
    if (this.#pingedMs !== undefined) this.#pingedMs = this.#options.clock.nowMs();
  }

  #watch(): void {
    const { clock, spec } = this.#options;
    const nowMs = clock.nowMs();
    // Where this thread stood still, answers may lie unread.
    if (nowMs - this.#watchedMs > 4 * WATCH_MS) this.#forgive();
    this.#watchedMs = nowMs;
    const bytes = this.#process.memoryBytes() ?? this.#toldMemoryBytes;
    if (bytes > spec.memoryMb * 2 ** 20) {
      const mb = Math.round(bytes / 2 ** 20);
      this.kill(`it took ${mb} MB of memory, of ${spec.memoryMb} (plugins.isolation.memory_mb)`);
    } else if (this.#process.waitingBytes() > WAITING_BYTES) {
      this.kill('it does not read what it is sent');
    } else if (this.#pingedMs !== undefined && nowMs - this.#pingedMs > this.#hangMs) {
      this.kill(`it hung for ${this.#hangMs} ms (plugins.isolation.hang_ms)`);
    } else if (this.#pingedMs === undefined && this.#isOwing) {
      this.#pingedMs = nowMs;
      this.send({ ping: { number: 1 } });
      this.#isOwing = false;
    }
  }

  #gone(problem: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#cancelWatch?.();
    for (const { reject } of this.#calls.values()) reject(new PluginProcessEnded(problem));
    this.#calls.clear();
    this.#options.onGone(problem, this.#printed.trim());
  }
}

interface Call {
  resolve(value: unknown): void;
  reject(thrown: Error): void;
}
