import type { Clock } from '../../domain/clock.js';
import type { JournalFiles } from './journal-files.js';

/** Lines are gathered for so long: what a host that is killed takes along. */
const GATHER_MS = 250;
const RETRY_MS = 5_000;
/** A plan that is over is given up after so many attempts. */
const MOST_ATTEMPTS = 3;
const MAX_WAITING_BYTES = 256 * 1024;
const MAX_WAITING_BYTES_IN_ALL = 16 * 2 ** 20;

export interface WriterServices {
  readonly clock: Pick<Clock, 'schedule'>;
  readonly files: JournalFiles;
  readonly onWritten: (lines: number, bytes: number) => void;
  /** A write failed; what it was to write waits for another attempt. */
  readonly onFailed: (thrown: unknown) => void;
  /** So many lines of a plan that is over will never be written. */
  readonly onGivenUp: (path: string, lines: number) => void;
}

/** What waits to be written of one plan. */
export class JournalTail {
  readonly path: string;
  readonly #writer: JournalWriter;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #writtenBytes = 0;
  #isEnded = false;
  #failures = 0;

  constructor(path: string, writer: JournalWriter) {
    this.path = path;
    this.#writer = writer;
  }

  /** Whether the last attempt to write failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** Whether so many bytes more may wait. */
  hasRoom(bytes: number): boolean {
    return this.#waitingBytes + bytes <= MAX_WAITING_BYTES && this.#writer.hasRoom(bytes);
  }

  /** Queues a line. */
  add(line: Buffer): void {
    this.#waiting.push(line);
    this.#waitingBytes += line.byteLength;
    this.#writer.waitingBytes += line.byteLength;
    this.#writer.wake(this);
  }

  /** Nothing more will be added. */
  end(): void {
    this.#isEnded = true;
  }

  /** Writes all that waits. @returns whether there is something left to try again. Never rejects. */
  async write(services: WriterServices): Promise<boolean> {
    const lines = this.#waiting.length;
    if (lines === 0) return false;
    const bytes = Buffer.concat(this.#waiting);
    try {
      await services.files.write(this.path, bytes, this.#writtenBytes, this.#isEnded);
    } catch (thrown) {
      this.#failures += 1;
      services.onFailed(thrown);
      if (!this.#isEnded || this.#failures < MOST_ATTEMPTS) return true;
      this.giveUp(services);
      return false;
    }
    this.#failures = 0;
    this.#writtenBytes += bytes.byteLength;
    this.#drop(lines);
    services.onWritten(lines, bytes.byteLength);
    return this.#waiting.length > 0;
  }

  /** What waits will never be written. */
  giveUp({ onGivenUp }: Pick<WriterServices, 'onGivenUp'>): void {
    onGivenUp(this.path, this.#waiting.length);
    this.#drop(this.#waiting.length);
  }

  #drop(lines: number): void {
    for (const line of this.#waiting.splice(0, lines)) {
      this.#waitingBytes -= line.byteLength;
      this.#writer.waitingBytes -= line.byteLength;
    }
  }
}

/** Writes the journals of all plans behind their backs, one write at a time: a slow disk holds up nothing but itself. */
export class JournalWriter {
  /** Of all plans. */
  waitingBytes = 0;
  readonly #services: WriterServices;
  readonly #waiting = new Set<JournalTail>();
  readonly #refused = new Set<JournalTail>();
  #isScheduled = false;
  #isClosed = false;
  #isRetryScheduled = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(services: WriterServices) {
    this.#services = services;
  }

  hasRoom(bytes: number): boolean {
    return this.waitingBytes + bytes <= MAX_WAITING_BYTES_IN_ALL;
  }

  /** Something of this plan waits. */
  wake(tail: JournalTail): void {
    // What the disk refused waits for its time, and not for the next line.
    if (this.#refused.has(tail)) return;
    this.#waiting.add(tail);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#services.clock.schedule(GATHER_MS, () => {
      this.#isScheduled = false;
      this.#writeWaiting();
    });
  }

  /** Writes what waits now, once, and gives up what the disk refuses; for the end of a host. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#takeRefused();
    this.#writeWaiting();
    await this.#writing;
    for (const tail of this.#refused) tail.giveUp(this.#services);
  }

  #writeWaiting(): void {
    this.#writing = this.#writing.then(() => this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    const tails = [...this.#waiting];
    this.#waiting.clear();
    for (const tail of tails) {
      if (!(await tail.write(this.#services))) continue;
      if (tail.isFailing) this.#retryLater(tail);
      else this.wake(tail);
    }
  }

  #retryLater(tail: JournalTail): void {
    this.#refused.add(tail);
    if (this.#isRetryScheduled || this.#isClosed) return;
    this.#isRetryScheduled = true;
    this.#services.clock.schedule(RETRY_MS, () => {
      this.#isRetryScheduled = false;
      this.#takeRefused();
      this.#writeWaiting();
    });
  }

  #takeRefused(): void {
    for (const tail of this.#refused) this.#waiting.add(tail);
    this.#refused.clear();
  }
}
