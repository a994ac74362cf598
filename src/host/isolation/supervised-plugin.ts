import type { Clock } from '../../domain/clock.js';
import type { ErrorCode } from '../../domain/errors/error-codes.js';
import { describeThrown, type ErrorParams, HostError } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type { PluginProcessState } from '../../domain/operations/plugin-processes.js';
import { withinTime } from '../../domain/within-time.js';
import type {
  ModelIdentity,
  Role,
  RolePlugin,
  RoleSessionOf,
  SessionView,
} from '../../plugin-sdk/index.js';
import type { HostedModels } from './hosted-models.js';
import { IsolatedSession, type SessionHome } from './isolated-session.js';
import type { LoadedMessage, LoadMessage, PluginMessage } from './messages.js';
import { thrownThere } from './plugin-errors.js';
import { PluginLink } from './plugin-link.js';
import type { PluginProcessSpec, StartPluginProcess } from './plugin-process.js';
import type { PluginProtocol } from './plugin-protocol.js';
import { decodeAdvice } from './wire-advice.js';

/** Before the first restart; twice as long before each one after it, up to the longest. */
const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 30_000;
/** A process that has lived so long has come back for good. */
const STEADY_MS = 60_000;
/** For a plugin to dispose of what it holds. */
const CLOSE_MS = 5000;

export interface SupervisedOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly protocol: PluginProtocol;
  readonly start: StartPluginProcess;
  readonly spec: PluginProcessSpec;
  readonly load: LoadMessage;
  readonly role: Role;
  readonly hangMs: number;
  readonly loadTimeoutMs: number;
  readonly historyIterations: number;
  readonly models: HostedModels;
  /** Called before the process is started again. @throws when the code is not what it was. */
  readonly checkCode: () => Promise<void>;
}

/** A plugin in a process of its own, which is started again when it ends. */
export class SupervisedPlugin implements RolePlugin<Role>, SessionHome {
  readonly #options: SupervisedOptions;
  readonly #sessions = new Map<number, IsolatedSession>();
  #nextSession = 1;
  #loaded: LoadedMessage | undefined;
  /** Of the process that answers. */
  #link: PluginLink | undefined;
  /** Of one that is being started, or is answering. */
  #current: PluginLink | undefined;
  #sinceMs = 0;
  /** In a row. */
  #failures = 0;
  #restarts = 0;
  #lastProblem = '';
  /** The last words of the process that ended, which may be many lines. */
  #printed = '';
  #cancelRestart: (() => void) | undefined;
  #isClosed = false;
  #leftRunning: readonly string[] = [];
  #onGone: () => void = () => undefined;

  constructor(options: SupervisedOptions) {
    this.#options = options;
  }

  get link(): PluginLink | undefined {
    return this.#link;
  }

  get wants() {
    return (this.#loaded?.wants ?? []) as SessionHome['wants'];
  }

  get asksEveryN(): number {
    return this.#loaded?.asksEveryN ?? 0;
  }

  /** What it opened while it was created. */
  models(): Promise<readonly ModelIdentity[]> {
    return this.#options.models.opened();
  }

  /** What the plugin left running when it was disposed of, such as timers and threads. */
  get leftRunning(): readonly string[] {
    return this.#leftRunning;
  }

  get historyIterations(): number {
    return this.#options.historyIterations;
  }

  get state(): PluginProcessState {
    return {
      plugin: this.#options.spec.manifest.id,
      isRunning: this.#link !== undefined,
      pid: this.#link?.pid,
      restarts: this.#restarts,
      lastProblem: this.#lastProblem,
    };
  }

  /** The first start. @throws HostError when the plugin is refused, or is not there in time. */
  async start(): Promise<void> {
    try {
      this.#loaded = await this.#startProcess();
    } catch (thrown) {
      await this.dispose();
      throw thrown;
    }
  }

  openSession(view: SessionView): RoleSessionOf<Role> {
    const id = this.#nextSession;
    this.#nextSession += 1;
    const session = new IsolatedSession(id, view, this);
    this.#sessions.set(id, session);
    return session as unknown as RoleSessionOf<Role>;
  }

  closed(session: number): void {
    this.#sessions.delete(session);
  }

  async dispose(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRestart?.();
    const current = this.#current;
    if (current === undefined || current.isGone) return;
    const gone = new Promise<void>((resolve) => {
      this.#onGone = resolve;
    });
    current.send({ close: {} });
    const { clock } = this.#options;
    await withinTime(gone, CLOSE_MS, clock, 'the process').catch(() => {
      current.kill('it did not close');
      return gone;
    });
  }

  async #startProcess(): Promise<LoadedMessage> {
    const { clock, protocol, start, spec, load, hangMs, loadTimeoutMs, log, models } =
      this.#options;
    const plugin = spec.manifest.id;
    let answered: { resolve(m: PluginMessage): void; reject(e: Error): void } | undefined;
    const answer = new Promise<PluginMessage>((resolve, reject) => {
      answered = { resolve, reject };
    });
    const modelCalls = models.calls((modelAnswer) => link.send({ modelAnswer }));
    const link: PluginLink = new PluginLink({
      clock,
      protocol,
      start,
      spec,
      hangMs: Math.max(hangMs, loadTimeoutMs),
      onLine: (level, message, fields) => logLine(log, level, message, fields),
      onMessage: (message) => {
        if (message.loaded || message.refused) answered?.resolve(message);
        else if (message.modelCall) void modelCalls.ask(message.modelCall);
        else this.#receive(link, message);
      },
      onGone: (problem, printed) => {
        modelCalls.close();
        const whole = printed === '' ? problem : `${problem}; it printed last: ${printed}`;
        answered?.reject(new HostError('plugin-process-ended', { plugin, problem: whole }));
        this.#gone(link, problem, printed);
      },
    });
    this.#current = link;
    link.send({ load });
    const late = () => new HostError('plugin-create-timeout', { plugin, limit: loadTimeoutMs });
    try {
      const { loaded, refused } = await withinTime(answer, loadTimeoutMs, clock, late);
      if (refused) throw refusalOf(refused.code, { ...refused.params, plugin });
      if (!loaded) throw new HostError('plugin-process-ended', { plugin, problem: 'no answer' });
      link.hangsAfter(hangMs);
      this.#link = link;
      this.#sinceMs = clock.nowMs();
      return loaded;
    } catch (thrown) {
      link.kill(describeThrown(thrown));
      throw thrown;
    }
  }

  #receive(link: PluginLink, { answer, failed, closed }: PluginMessage): void {
    if (closed) this.#leftRunning = closed.leftRunning;
    else if (answer) {
      link.settle(answer.call, ({ resolve, reject }) => {
        try {
          const { advice } = answer;
          resolve(advice ? decodeAdvice(this.#options.role, advice) : undefined);
        } catch (thrown) {
          reject(thrown as Error);
        }
      });
    } else if (failed && failed.call > 0) {
      const { policy, message, trace } = failed;
      link.settle(failed.call, ({ reject }) => reject(thrownThere(policy, message, trace)));
    } else if (failed) this.#sessions.get(failed.session)?.failed(failed);
  }

  #gone(link: PluginLink, problem: string, printed: string): void {
    if (this.#current !== link) return;
    const wasRunning = this.#link === link;
    this.#link = undefined;
    this.#current = undefined;
    this.#onGone();
    if (this.#isClosed || this.#loaded === undefined) return;
    this.#lastProblem = problem;
    this.#printed = printed;
    const { clock } = this.#options;
    if (wasRunning && clock.nowMs() - this.#sinceMs > STEADY_MS) this.#failures = 0;
    this.#restartLater();
  }

  /** Never rejects: what fails is tried again. */
  async #restart(): Promise<void> {
    const { log, checkCode } = this.#options;
    try {
      await checkCode();
    } catch (thrown) {
      this.#lastProblem = describeThrown(thrown);
      this.#printed = '';
      this.#restartLater();
      return;
    }
    if (this.#isClosed) return;
    try {
      const loaded = await this.#startProcess();
      if (JSON.stringify(loaded) !== JSON.stringify(this.#loaded)) {
        this.#current?.kill('it loads otherwise than it did first');
        return;
      }
      this.#restarts += 1;
      log.info('the process of a plugin is back', { restarts: this.#restarts });
    } catch {
      // Its end is told, which has it started once more.
    }
  }

  #restartLater(): void {
    const { clock, log } = this.#options;
    const waitMs = Math.min(FIRST_RESTART_MS * 2 ** this.#failures, LONGEST_RESTART_MS);
    this.#failures += 1;
    log.error('the process of a plugin has ended', {
      reason: this.#lastProblem,
      printed: this.#printed,
      sessions: this.#sessions.size,
      restartInMs: waitMs,
    });
    this.#cancelRestart = clock.schedule(waitMs, () => void this.#restart());
  }
}

function refusalOf(code: string, params: ErrorParams): HostError {
  return new HostError(code as ErrorCode, params);
}

function logLine(
  log: Log,
  level: string,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  if (level === 'warn') log.warn(message, fields);
  else if (level === 'debug') log.debug(message, fields);
  else log.info(message, fields);
}
