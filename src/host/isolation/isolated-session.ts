import {
  NotApplicable,
  type RoleSession,
  type SessionEvent,
  type SessionView,
  type VolumeKind,
  type WantedTensor,
} from '../../plugin-sdk/index.js';
import { mapTensors } from '../../plugin-sdk/internal/event-tensors.js';
import type { FailedMessage, TellMessage } from './messages.js';
import { PluginProcessAway, PluginProcessEnded, thrownThere } from './plugin-errors.js';
import type { PluginLink } from './plugin-link.js';
import { encodeEvent, encodePlan, type ToldEvent } from './wire-events.js';

/** Events that a session can be given again; a plan with more is not advised further after its plugin's process has ended. */
const REMEMBERED = 20_000;

const LOST =
  'the process of the plugin ended and was started again, and what it knew of this plan cannot be told once more';

export interface SessionHome {
  /** Undefined while the process is away. */
  readonly link: PluginLink | undefined;
  readonly wants: readonly WantedTensor[];
  readonly historyIterations: number;
  closed(session: number): void;
}

/** An event as it can be told again: without what came along at an iteration. */
interface Remembered {
  readonly event: ToldEvent;
  readonly isSilent: boolean;
  /** The question that was asked about it; 0: none. */
  call: number;
}

interface Pending {
  /** With everything that came along. */
  readonly event: ToldEvent;
  readonly entry: Remembered;
}

/** A session of a plugin that runs in another process. What the plugin knows of it lies there. */
export class IsolatedSession implements RoleSession<unknown, unknown> {
  readonly #id: number;
  readonly #view: SessionView;
  readonly #home: SessionHome;
  readonly #volumes = new Set<VolumeKind>();
  /** Undefined when the session can't be told to another process. */
  #remembered: Remembered[] | undefined;
  #told = 0;
  #last: Remembered | undefined;
  /** Goes with the question about it, if that comes at once: one message then. */
  #pending: Pending | undefined;
  /** The life of the process that knows the session. */
  #openedIn: PluginLink | undefined;
  #observeFailure: Error | undefined;
  #isLost = false;

  constructor(id: number, view: SessionView, home: SessionHome) {
    this.#id = id;
    this.#view = view;
    this.#home = home;
    // Vectors of iterations are too many to keep, and without them the plugin would not be what it was.
    const needsIterations = home.wants.some(({ everyN }) => everyN > 0);
    this.#remembered = needsIterations ? undefined : [];
    // Before anything is asked, so that a plugin that has nothing for the plan has said so by then.
    this.#deliver(0);
  }

  /** @throws what the plugin threw when it was told of an earlier event. */
  observe(event: SessionEvent): void {
    this.#take(event, false);
    const failure = this.#observeFailure;
    this.#observeFailure = undefined;
    if (failure !== undefined) throw failure;
  }

  /** An event that the plugin is not told of, because its role is off; it becomes part of its view. */
  miss(event: SessionEvent): void {
    this.#take(event, true);
  }

  /** @throws PluginProcessAway, PluginProcessEnded, NotApplicable, or what the plugin threw. */
  advise(_question: unknown, signal: AbortSignal): Promise<unknown> {
    const { link } = this.#home;
    if (!this.#isLost && link === undefined) {
      throw new PluginProcessAway('the process of the plugin has ended and is not back yet');
    }
    if (link === undefined || !this.#isOpenIn(link)) throw new NotApplicable(LOST);
    const { call, answer } = link.expect<unknown>();
    const asked = this.#last;
    if (asked !== undefined) asked.call = call;
    this.#deliver(call);
    const abort = () => link.send({ abort: { call } });
    signal.addEventListener('abort', abort, { once: true });
    return answer
      .catch((thrown: unknown) => {
        // The process would perhaps end of it once more.
        if (asked !== undefined && thrown instanceof PluginProcessEnded) asked.call = 0;
        throw thrown;
      })
      .finally(() => signal.removeEventListener('abort', abort));
  }

  dispose(): void {
    const { link } = this.#home;
    if (this.#openedIn === link) link?.send({ closeSession: { session: this.#id } });
    this.#home.closed(this.#id);
  }

  /** The plugin threw, and not in an answer. */
  failed({ policy, message, trace }: FailedMessage): void {
    this.#observeFailure ??= thrownThere(policy, message, trace);
  }

  #take(event: SessionEvent, isSilent: boolean): void {
    for (const [name, volume] of Object.entries(this.#view.volumes)) {
      const volumeKind = name as VolumeKind;
      const isWanted = this.#home.wants.some(({ kind }) => kind === volumeKind);
      if (!isWanted || this.#volumes.has(volumeKind)) continue;
      this.#volumes.add(volumeKind);
      this.#put({ kind: 'volume', volumeKind, volume }, true);
    }
    this.#put(event, isSilent);
    queueMicrotask(() => this.#deliver(0));
  }

  #put(event: ToldEvent, isSilent: boolean): void {
    // What nobody asked about in its turn goes before what comes now.
    this.#deliver(0);
    const kept = event.kind === 'iteration' ? mapTensors(event, () => ({})) : event;
    const entry = { event: kept, isSilent, call: 0 };
    this.#told += 1;
    this.#remembered?.push(entry);
    if (this.#told > REMEMBERED) this.#remembered = undefined;
    if (event.kind !== 'volume' && event.kind !== 'receipt') this.#last = entry;
    this.#pending = { event, entry };
  }

  /** Sends what waits, with a question about the last event when `call` is not 0. */
  #deliver(call: number): void {
    const pending = this.#pending;
    const { link, wants } = this.#home;
    const isOpen = link !== undefined && this.#isOpenIn(link);
    this.#pending = undefined;
    if (!isOpen || (pending === undefined && call === 0)) return;
    const event = pending && encodeEvent(pending.event, wants);
    this.#tell(link, { event, isSilent: pending?.entry.isSilent ?? false, isReplay: false, call });
  }

  /** Whether this life of the process knows the session up to what waits; it is told all of it where that can be done. */
  #isOpenIn(link: PluginLink): boolean {
    if (this.#openedIn === link) return true;
    const waiting = this.#pending?.entry;
    const before = this.#told - (waiting === undefined ? 0 : 1);
    if (before > 0 && this.#remembered === undefined) this.#isLost = true;
    if (this.#isLost) return false;
    this.#openedIn = link;
    const { sessionId, seed, plan } = this.#view;
    const { historyIterations, wants } = this.#home;
    const opening = { sessionId, seed, plan: encodePlan(plan), historyIterations };
    link.send({ openSession: { session: this.#id, ...opening } });
    for (const entry of this.#remembered ?? []) {
      if (entry === waiting) continue;
      const { isSilent, call } = entry;
      this.#tell(link, { event: encodeEvent(entry.event, wants), isSilent, isReplay: true, call });
    }
    return true;
  }

  #tell(link: PluginLink, message: Omit<TellMessage, 'session'>): void {
    link.send({ tell: { session: this.#id, ...message } });
  }
}
