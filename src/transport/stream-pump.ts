import type { ServerDuplexStream, ServerErrorResponse } from '@grpc/grpc-js';
import { isPromise } from '../domain/maybe-promise.js';

/** What one message leads to: a reply, later or never, and perhaps the end of the stream. */
export type Answer<Out> = Out | undefined | Promise<Out | undefined>;

export interface PumpHandler<In, Out> {
  /** Called for one message at a time, in order. */
  handle(message: In): Answer<Out>;
  /** The error that ends the stream, for anything `handle` threw. */
  toStatus(thrown: unknown): ServerErrorResponse;
  /** The client has half-closed and everything is answered. The pump then closes cleanly. */
  inputEnded(): void;
  /** The stream is gone, for a reason that did not come from here. */
  broken(): void;
}

/**
 * Drives a bidirectional stream: one message in flight, answers in order, the sender held back while an answer is
 * pending or the client does not read. Written by hand because the async iterator of a grpc-js stream loses the status
 * when left early, and because a synchronous answer should cost no promise.
 */
export class StreamPump<In, Out> {
  readonly #call: ServerDuplexStream<In, Out>;
  readonly #handler: PumpHandler<In, Out>;
  readonly #queue: In[] = [];
  #isAnswering = false;
  #isBlocked = false;
  #hasInputEnded = false;
  #isClosed = false;

  constructor(call: ServerDuplexStream<In, Out>, handler: PumpHandler<In, Out>) {
    this.#call = call;
    this.#handler = handler;
    call.on('data', (message: In) => this.#take(message));
    call.on('end', () => {
      this.#hasInputEnded = true;
      this.#proceed();
    });
    // grpc-js raises `cancelled` after a normal end as well; only the first close counts.
    call.on('cancelled', () => this.#break());
    call.on('close', () => this.#break());
    call.on('error', () => this.#break());
    call.on('drain', () => {
      this.#isBlocked = false;
      this.#proceed();
    });
  }

  /** Sends a message that answers nothing. */
  send(message: Out): void {
    if (this.#isClosed) return;
    if (!this.#call.write(message)) this.#isBlocked = true;
  }

  /** Ends the stream cleanly after what was sent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#call.end();
  }

  fail(thrown: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#call.emit('error', this.#handler.toStatus(thrown));
  }

  get #isHeld(): boolean {
    return this.#isAnswering || this.#isBlocked;
  }

  #take(message: In): void {
    if (this.#isClosed) return;
    if (this.#isHeld || this.#queue.length > 0) {
      this.#queue.push(message);
      this.#call.pause();
      return;
    }
    this.#answer(message);
  }

  #answer(message: In): void {
    try {
      const answer = this.#handler.handle(message);
      if (!isPromise(answer)) {
        if (answer !== undefined) this.send(answer);
        return;
      }
      this.#isAnswering = true;
      answer.then(
        (settled) => {
          this.#isAnswering = false;
          if (settled !== undefined) this.send(settled);
          this.#proceed();
        },
        (thrown: unknown) => this.fail(thrown),
      );
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  #proceed(): void {
    while (!this.#isClosed && !this.#isHeld) {
      const message = this.#queue.shift();
      if (message === undefined) break;
      this.#answer(message);
    }
    if (this.#isClosed || this.#isHeld) return;
    if (!this.#hasInputEnded) this.#call.resume();
    else {
      this.#handler.inputEnded();
      this.close();
    }
  }

  #break(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#handler.broken();
  }
}
