import type { Clock } from '../../domain/clock.js';
import { describeThrown } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type { FromShadows, ShadowOpening, ToShadows } from '../shadow-messages.js';
import { ShadowSession } from './shadow-session.js';
import type { ShadowSets } from './shadow-sets.js';

/** Work is told of, and messages are looked for, this often. */
const TURN_MS = 10;

export interface RunnerOptions {
  readonly sets: ShadowSets;
  readonly clock: Clock;
  readonly log: Log;
  readonly send: (message: FromShadows) => void;
  /** Lets messages come in. */
  readonly yieldToEventLoop: () => Promise<void>;
  /** Called once, when everything is released. */
  readonly onClosed: () => void;
}

type Item = Extract<ToShadows, { kind: 'item' }>;

/** Computes shadow arms in a process that serves nobody: items of all sessions in the order they came, one after the other. */
export class ShadowRunner {
  readonly #options: RunnerOptions;
  readonly #sessions = new Map<number, ShadowSession>();
  #queue: Item[] = [];
  #isRunning = false;
  #isStopped = false;
  #isClosing = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  handle(message: ToShadows): void {
    switch (message.kind) {
      case 'prepare':
        void this.#prepare(message);
        return;
      case 'commit':
        this.#options.sets.commit(message.preparation);
        return;
      case 'discard':
        void this.#options.sets.discard(message.preparation);
        return;
      case 'open':
        this.#open(message);
        return;
      case 'item':
        this.#queue.push(message);
        if (!this.#isRunning) void this.#run();
        return;
      case 'drop':
        this.#drop(message.key);
        return;
      case 'stop':
        this.#isStopped = message.isStopped;
        return;
      case 'close':
        this.#isClosing = true;
        if (!this.#isRunning) this.#close();
    }
  }

  async #prepare({ preparation, config }: Extract<ToShadows, { kind: 'prepare' }>): Promise<void> {
    const { sets, send, log } = this.#options;
    try {
      send({ kind: 'prepared', preparation, ...(await sets.prepare(preparation, config)) });
    } catch (thrown) {
      log.error('shadow arms could not be prepared', { err: thrown });
      send({ kind: 'prepared', preparation, ready: [], refused: [] });
    }
  }

  #open(opening: ShadowOpening): void {
    const { sets, clock, log, send } = this.#options;
    const { key, sessionId: session } = opening;
    try {
      const generation = sets.generationFor(opening);
      if (generation === undefined) throw new Error('the configuration has changed meanwhile');
      const { set } = generation;
      const assignments = generation.armAssignments(opening.arms);
      const parts = { clock, log: log.child({ session }), isStopped: () => this.#isStopped };
      const release = set.retain();
      try {
        this.#sessions.set(
          key,
          new ShadowSession({ opening, set, assignments, ...parts, release }),
        );
      } catch (thrown) {
        release();
        throw thrown;
      }
    } catch (thrown) {
      send({ kind: 'failed', key, problem: describeThrown(thrown) });
    }
  }

  async #run(): Promise<void> {
    const { clock, yieldToEventLoop, send } = this.#options;
    this.#isRunning = true;
    // After what else came with the first item: it may be the word to stop.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const startedMs = clock.nowMs();
      let [items, bytes] = [0, 0];
      // Taken as a whole: an array that loses its first element again and again is moved each time.
      const taken = this.#queue;
      this.#queue = [];
      while (items < taken.length && clock.nowMs() - startedMs < TURN_MS) {
        const item = taken[items] as Item;
        items += 1;
        bytes += item.bytes;
        await this.#take(item);
      }
      this.#queue = [...taken.slice(items), ...this.#queue];
      send({ kind: 'done', items, bytes });
      await yieldToEventLoop();
    }
    this.#isRunning = false;
    if (this.#isClosing) this.#close();
  }

  async #take({ key, item }: Item): Promise<void> {
    const session = this.#sessions.get(key);
    if (session === undefined) return;
    try {
      if (item.kind === 'event') await session.event(item.event, item.advices);
      else {
        this.#options.send({ kind: 'outcome', key, arms: session.outcome(item.finish) });
        this.#drop(key);
      }
    } catch (thrown) {
      this.#options.send({ kind: 'failed', key, problem: describeThrown(thrown) });
      this.#drop(key);
    }
  }

  #drop(key: number): void {
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    session?.dispose();
  }

  #close(): void {
    for (const key of [...this.#sessions.keys()]) this.#drop(key);
    this.#options.onClosed();
  }
}
