import type { Clock } from '../../domain/clock.js';
import type { ActivationFault } from '../../domain/operations/activation.js';

/** Before the first try; before each of the others it is twice as long. */
const FIRST_MS = 30_000;
const LONGEST_MS = 900_000;

const ARM_CODES: readonly string[] = ['experiment-arm', 'experiment-shadow-arm'];

/** Of the faults those of arms: an experiment takes no plans, or a shadow arm is not computed. */
export const armFaults = (faults: readonly ActivationFault[]): readonly ActivationFault[] =>
  faults.filter(({ error }) => ARM_CODES.includes(error.code));

/** Tries again and again, ever more seldom: an arm may have been slow to load, or its model may come. */
export class ArmRetry {
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #isDone: () => Promise<boolean>;
  #cancel: (() => void) | undefined;
  #isStopped = false;

  /** @param isDone Tries; never rejects. */
  constructor(clock: Pick<Clock, 'schedule'>, isDone: () => Promise<boolean>) {
    this.#clock = clock;
    this.#isDone = isDone;
  }

  start(waitMs = FIRST_MS): void {
    if (this.#isStopped) return;
    this.#cancel = this.#clock.schedule(waitMs, () => {
      void this.#isDone().then((isDone) => {
        if (!isDone) this.start(Math.min(2 * waitMs, LONGEST_MS));
      });
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }
}
