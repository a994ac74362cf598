// Plans that stream at a steady pace, in a process of their own: their clock is not the host's.
//
// A question is due every period whether or not the one before was answered, and its time counts from when it was due: a
// host that stands still for a moment is seen by every question of that moment, not only by those on their way.
import { fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  type FromPlans,
  type HeardOfStop,
  type PacedAnswer,
  type PacedLoad,
  type ToPlans,
  wallMs,
} from './paced-messages.js';

export type { PacedAnswer, PacedLoad, PhaseTimes } from './paced-messages.js';

const program = fileURLToPath(new URL('./paced-plans-process.js', import.meta.url));

/** Starts `plans` plans at once against a host, one after the other in each stream, an iteration every `periodMs`. */
export class PacedPlans {
  readonly #child = fork(program);
  /** Resolves when each stream has opened its first plan. */
  readonly open: Promise<unknown>;

  constructor(load: PacedLoad) {
    this.open = this.#hear('open');
    this.#tell({ kind: 'load', load });
  }

  #tell(message: ToPlans): void {
    this.#child.send(message);
  }

  /** The next message of this kind. */
  async #hear<K extends FromPlans['kind']>(kind: K): Promise<Extract<FromPlans, { kind: K }>> {
    const messages = on(this.#child, 'message', { close: ['disconnect'] });
    for await (const [message] of messages as AsyncIterable<readonly [FromPlans]>) {
      if (isOf(kind, message)) return message;
    }
    throw new Error('the plans have ended');
  }

  /** Names what is measured from now on; the first name is `warm-up`. */
  phase(phase: string): void {
    this.#tell({ kind: 'phase', phase });
  }

  /** Advice has been stopped: what is asked from now on must not be advised. */
  stopped(): void {
    this.#tell({ kind: 'stopped', atMs: wallMs() });
  }

  /** By plan when it first heard that advice is stopped, and how much was advised all the same. */
  async heardOfStop(): Promise<HeardOfStop> {
    const answer = this.#hear('stop');
    this.#tell({ kind: 'ask-stop' });
    return (await answer).stop;
  }

  /** Ends when open plans have finished. */
  async end(): Promise<PacedAnswer> {
    const answer = this.#hear('answer');
    this.#tell({ kind: 'end' });
    return (await answer).answer;
  }
}

function isOf<K extends FromPlans['kind']>(
  kind: K,
  message: FromPlans,
): message is Extract<FromPlans, { kind: K }> {
  return message.kind === kind;
}
