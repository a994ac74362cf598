import type { Clock } from '../domain/clock.js';
import type { FromShadows, ShadowItem, ToShadows } from './shadow-messages.js';

/** The other side. */
export interface ShadowWorker {
  post(messages: readonly ToShadows[]): void;
  /** Ends it at once. */
  terminate(): void;
}

export interface WorkerEvents {
  readonly onMessage: (message: FromShadows) => void;
  /** It is gone, for whatever reason. Called once. */
  readonly onExit: (problem: string) => void;
}

export type StartShadowWorker = (events: WorkerEvents) => ShadowWorker;

/** What may be on its way to the worker, of all sessions together. */
export interface ShadowLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Messages go together this often: one at a time would cost the thread that serves more. */
const FLUSH_MS = 20;
/** A worker that has work and says nothing for so long hangs. */
const SILENCE_MS = 30_000;

export interface LinkOptions {
  readonly clock: Clock;
  readonly start: StartShadowWorker;
  readonly limits: ShadowLimits;
  readonly events: WorkerEvents;
  /** Called before messages go out. */
  readonly onFlush: () => void;
}

/** Messages to one worker, in order, and a bound on those that it has not dealt with. */
export class ShadowLink {
  readonly #options: LinkOptions;
  readonly #worker: ShadowWorker;
  #messages: ToShadows[] = [];
  #items = 0;
  #bytes = 0;
  #heardMs: number;
  #cancel: (() => void) | undefined;
  #isGone = false;
  /** Times that the worker told of work done. */
  turns = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { clock, start, events } = options;
    this.#heardMs = clock.nowMs();
    this.#worker = start({
      onMessage: (message) => {
        this.#heardMs = clock.nowMs();
        if (message.kind !== 'done') events.onMessage(message);
        else {
          this.turns += 1;
          this.#items -= message.items;
          this.#bytes -= message.bytes;
        }
      },
      onExit: (problem) => {
        if (this.#isGone) return;
        this.#isGone = true;
        this.#cancel?.();
        events.onExit(problem);
      },
    });
  }

  /** False, and nothing is sent, when there is no room. */
  add(key: number, item: ShadowItem, bytes: number): boolean {
    const { limits, clock } = this.#options;
    if (this.#items >= limits.items || this.#bytes + bytes > limits.bytes) return false;
    // Time without work is no silence.
    if (this.#items === 0) this.#heardMs = clock.nowMs();
    this.#items += 1;
    this.#bytes += bytes;
    this.#put({ kind: 'item', key, item, bytes });
    return true;
  }

  /** Half of the room is taken. */
  get isFilling(): boolean {
    const { limits } = this.#options;
    return 2 * this.#items > limits.items || 2 * this.#bytes > limits.bytes;
  }

  /** In order with the items. */
  send(message: Exclude<ToShadows, { kind: 'item' }>): void {
    this.#put(message);
  }

  /** Behind what waits here, and at once. */
  sendNow(message: Exclude<ToShadows, { kind: 'item' }>): void {
    this.#messages.push(message);
    this.#flush();
  }

  terminate(problem: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#cancel?.();
    this.#worker.terminate();
    this.#options.events.onExit(problem);
  }

  #put(message: ToShadows): void {
    this.#messages.push(message);
    this.#wait();
  }

  #wait(): void {
    this.#cancel ??= this.#options.clock.schedule(FLUSH_MS, () => {
      this.#cancel = undefined;
      this.#options.onFlush();
      this.#flush();
      if (this.#items > 0) this.#watch();
    });
  }

  #watch(): void {
    const { clock } = this.#options;
    if (clock.nowMs() - this.#heardMs > SILENCE_MS) this.terminate('it hangs');
    else if (!this.#isGone) this.#wait();
  }

  #flush(): void {
    const messages = this.#messages;
    this.#messages = [];
    if (messages.length > 0 && !this.#isGone) this.#worker.post(messages);
  }
}
