import { isPromise } from '../../../domain/maybe-promise.js';
import type { Role, RolePlugin, RoleSession, SessionEvent } from '../../../plugin-sdk/index.js';
import { questionFor } from '../../../plugin-sdk/internal/question.js';
import { SessionHistory } from '../../../plugin-sdk/internal/session-history.js';
import type { OpenSessionMessage, TellMessage } from '../messages.js';
import { decodeEvent, decodePlan } from '../wire-events.js';

type AnySession = RoleSession<unknown, unknown>;

/** What a session tells. `call` is 0 where nobody asked. */
export interface SessionReplies {
  answered(call: number, value: unknown): void;
  failed(call: number, thrown: unknown): void;
}

export interface ChildPlugin {
  readonly role: Role;
  readonly plugin: RolePlugin<Role>;
  readonly asksEveryN: number;
}

/** One session of the plugin, in its process: the view, the plugin's own state, and the questions on their way. */
export class ChildSession {
  readonly #of: ChildPlugin;
  readonly #replies: SessionReplies;
  readonly #view: SessionHistory;
  readonly #aborts = new Map<number, AbortController>();
  readonly #session: AnySession | undefined;
  /** Why there is none. */
  readonly #problem: unknown;
  #last: SessionEvent | undefined;
  /** What came while something was replayed, which may take its time. */
  #behind: Promise<void> | undefined;

  constructor(of: ChildPlugin, message: OpenSessionMessage, replies: SessionReplies) {
    const { sessionId, seed, plan, historyIterations: maxIterations } = message;
    this.#of = of;
    this.#replies = replies;
    this.#view = new SessionHistory({ sessionId, seed, plan: decodePlan(plan), maxIterations });
    try {
      this.#session = of.plugin.openSession(this.#view) as AnySession;
    } catch (thrown) {
      this.#problem = thrown;
    }
  }

  tell(message: TellMessage): void {
    if (this.#behind === undefined && !message.isReplay) void this.#take(message);
    else {
      const behind = (this.#behind ?? Promise.resolve()).then(() => this.#take(message));
      this.#behind = behind;
      void behind.then(() => {
        if (this.#behind === behind) this.#behind = undefined;
      });
    }
  }

  /** True when the call is one of this session. */
  abort(call: number): boolean {
    const controller = this.#aborts.get(call);
    controller?.abort();
    return controller !== undefined;
  }

  close(): void {
    for (const controller of this.#aborts.values()) controller.abort();
    try {
      const left: unknown = this.#session?.dispose?.();
      if (isPromise(left)) left.then(undefined, (thrown) => this.#replies.failed(0, thrown));
    } catch (thrown) {
      this.#replies.failed(0, thrown);
    }
  }

  /** Settles when what is replayed has been; at once, and without an answer, otherwise. Never rejects. */
  #take({ event: wire, call, isSilent, isReplay }: TellMessage): Promise<void> | undefined {
    try {
      const event = wire ? decodeEvent(wire) : undefined;
      if (event?.kind === 'volume') {
        this.#view.addVolume(event.volumeKind, event.volume);
        return undefined;
      }
      if (event) {
        if (event.kind !== 'receipt') this.#last = event;
        this.#view.add(event);
        if (!isSilent) this.#observe(event, isReplay);
      }
    } catch (thrown) {
      this.#replies.failed(call, thrown);
      return undefined;
    }
    if (call === 0) return undefined;
    const asked = this.#ask(call, isReplay);
    if (isReplay)
      return asked.then(
        () => undefined,
        () => undefined,
      );
    void asked.then(
      (value) => this.#replies.answered(call, value),
      (thrown: unknown) => this.#replies.failed(call, thrown),
    );
    return undefined;
  }

  #observe(event: SessionEvent, isReplay: boolean): void {
    const fail = (thrown: unknown) => {
      // Was told when it happened first.
      if (!isReplay) this.#replies.failed(0, thrown);
    };
    try {
      const returned: unknown = this.#session?.observe?.(event);
      // The type says void, which an async function is taken for.
      if (isPromise(returned)) returned.then(undefined, fail);
    } catch (thrown) {
      fail(thrown);
    }
  }

  async #ask(call: number, isReplay: boolean): Promise<unknown> {
    if (this.#session === undefined) throw this.#problem;
    const { role, asksEveryN } = this.#of;
    const question = this.#last && questionFor(role, this.#last, asksEveryN);
    if (question === undefined) return undefined;
    const controller = new AbortController();
    // Numbers of an earlier process may be those of calls to come.
    if (!isReplay) this.#aborts.set(call, controller);
    try {
      return await this.#session.advise(question, controller.signal);
    } finally {
      if (!isReplay) this.#aborts.delete(call);
    }
  }
}
