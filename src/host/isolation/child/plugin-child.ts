import { describeThrown, HostError } from '../../../domain/errors/host-error.js';
import { UNWATCHED } from '../../../domain/operations/plugin-activity.js';
import {
  type Clock,
  type Logger,
  manifestSchema,
  type RandomSource,
  type Role,
} from '../../../plugin-sdk/index.js';
import { type LoadedPlugin, loadPlugin } from '../../plugins/plugin-loader.js';
import type { HostMessage, LoadMessage, OpenSessionMessage, PluginMessage } from '../messages.js';
import { policyOf } from '../plugin-errors.js';
import { encodeAdvice } from '../wire-advice.js';
import { type ChildPlugin, ChildSession } from './child-session.js';
import { RemoteInference } from './remote-inference.js';

export interface ChildOptions {
  readonly send: (message: PluginMessage) => void;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Resident, of this process. */
  readonly memoryBytes: () => number;
  /** What runs in this process, such as timers, by kind. */
  readonly running: () => readonly string[];
  /** The plugin is disposed and the host has been told; what it left running may hold the process. */
  readonly onClosed: () => void;
}

/** The host watches the start from outside, where a plugin that hangs can't stop it. */
const NO_LIMIT = { schedule: () => () => undefined };

/** What runs one plugin in a process of its own: messages in, answers out. */
export class PluginChild {
  readonly #options: ChildOptions;
  readonly #inference: RemoteInference;
  readonly #sessions = new Map<number, ChildSession>();
  readonly #runningBefore: readonly string[];
  #loaded: LoadedPlugin | undefined;
  #of: ChildPlugin | undefined;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#runningBefore = options.running();
    this.#inference = new RemoteInference(options.send);
  }

  handle(message: HostMessage): void {
    if (message.tell) this.#sessions.get(message.tell.session)?.tell(message.tell);
    else if (message.modelAnswer) this.#inference.answer(message.modelAnswer);
    else if (message.ping) this.#pong(message.ping.number);
    else if (message.abort) this.#abort(message.abort.call);
    else if (message.openSession) this.#open(message.openSession);
    else if (message.closeSession) this.#closeSession(message.closeSession.session);
    else if (message.load) void this.#load(message.load);
    else if (message.close) void this.#close();
  }

  async #load({ folder, manifestJson, settingsJson, role }: LoadMessage): Promise<void> {
    const { send, clock, random } = this.#options;
    try {
      const manifest = manifestSchema.parse(JSON.parse(manifestJson));
      const settings = JSON.parse(settingsJson) as Readonly<Record<string, unknown>>;
      const loaded = await loadPlugin({ manifest, folder }, role as Role, settings, {
        clock: NO_LIMIT,
        loadTimeoutMs: 0,
        inference: this.#inference,
        activity: UNWATCHED,
        importing: () => undefined,
        servicesFor: () => ({ clock, random, logger: this.#logger() }),
      });
      this.#loaded = loaded;
      const { plugin, asksEveryN, wants } = loaded;
      this.#of = { role: manifest.role, plugin, asksEveryN };
      send({ loaded: { wants, asksEveryN } });
    } catch (thrown) {
      const error = HostError.is(thrown)
        ? thrown
        : new HostError('plugin-create-failed', { plugin: '', problem: describeThrown(thrown) });
      const params = Object.entries(error.params).map(([key, value]) => [key, String(value)]);
      send({ refused: { code: error.code, params: Object.fromEntries(params) } });
    }
  }

  #open(message: OpenSessionMessage): void {
    if (this.#of === undefined) return;
    const { role } = this.#of;
    const { session } = message;
    const { send } = this.#options;
    const failed = (call: number, thrown: unknown) => {
      const trace = (thrown as { readonly stack?: unknown } | undefined)?.stack;
      send({
        failed: {
          session,
          call,
          policy: policyOf(thrown),
          message: describeThrown(thrown),
          trace: typeof trace === 'string' ? trace : '',
        },
      });
    };
    const answered = (call: number, value: unknown) => {
      try {
        const advice = value === undefined ? {} : { advice: encodeAdvice(role, value) };
        send({ answer: { call, ...advice } });
      } catch (thrown) {
        failed(call, thrown);
      }
    };
    this.#sessions.set(session, new ChildSession(this.#of, message, { answered, failed }));
  }

  #closeSession(session: number): void {
    this.#sessions.get(session)?.close();
    this.#sessions.delete(session);
  }

  #abort(call: number): void {
    for (const session of this.#sessions.values()) if (session.abort(call)) return;
  }

  #pong(number: number): void {
    const memoryBytes = this.#options.memoryBytes();
    this.#options.send({ pong: { number, memoryBytes } });
  }

  async #close(): Promise<void> {
    for (const session of [...this.#sessions.keys()]) this.#closeSession(session);
    try {
      await this.#loaded?.plugin.dispose?.();
    } catch (thrown) {
      this.#logger().warn('plugin failed to dispose', { err: describeThrown(thrown) });
    }
    const leftRunning = beyond(this.#options.running(), this.#runningBefore);
    this.#options.send({ closed: { leftRunning } });
    this.#options.onClosed();
  }

  #logger(): Logger {
    const line =
      (level: string) =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
        this.#options.send({
          log: { level, message: String(message), fieldsJson: asJson(fields) },
        });
    return { debug: line('debug'), info: line('info'), warn: line('warn') };
  }
}

/** A plugin may log what can't be written. */
function asJson(fields: unknown): string {
  try {
    return JSON.stringify(fields) ?? '{}';
  } catch {
    return '{}';
  }
}

/** What of a list another one has not, as often as it has it more. */
function beyond(after: readonly string[], before: readonly string[]): readonly string[] {
  const known = [...before];
  return after.filter((kind) => {
    const index = known.indexOf(kind);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}
