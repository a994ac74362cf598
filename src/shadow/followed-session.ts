import type { PlanEvent, Reply } from '../domain/session/advisor.js';
import type { PlanFinish } from '../domain/session/plan-finish.js';
import type { ShadowObserver } from '../domain/shadow/shadow-arms.js';
import type { ShadowLoss } from '../domain/shadow/shadow-outcome.js';
import type { Role, SessionEvent, WantedTensor } from '../plugin-sdk/index.js';
import { type Copied, copyAdvices, copyEvent } from './shadow-copies.js';
import type { ServedAdvices, ShadowArmRef, ShadowItem } from './shadow-messages.js';

export interface FollowedOptions {
  readonly key: number;
  readonly session: string;
  readonly arms: readonly (ShadowArmRef & { readonly served: string })[];
  /** Of any of the arms. */
  readonly roles: ReadonlySet<Role>;
  readonly wants: readonly WantedTensor[];
  /** What arms see, others' wants included. */
  readonly wanted: readonly WantedTensor[];
  readonly offer: (item: Copied<ShadowItem>) => void;
  readonly leave: (result: ShadowLoss) => void;
}

const countsOf = ({ iterations, valueCalls, gradientCalls, callEquivalents }: PlanFinish) => ({
  iterations,
  valueCalls,
  gradientCalls,
  callEquivalents,
});

/** One session on its way to the worker. Copies what it is told of, and stops for good when an event could not be taken. */
export class FollowedSession implements ShadowObserver {
  readonly options: FollowedOptions;
  /** The plan has finished; what is missing is the worker's answer. */
  hasEnded = false;
  #isOver = false;
  #hasBroken = false;
  /** The event that waits for its answer. */
  #asked: Copied<SessionEvent> | undefined;

  constructor(options: FollowedOptions) {
    this.options = options;
  }

  get wants(): readonly WantedTensor[] {
    return this.options.wants;
  }

  /** Nothing is sent any more. */
  giveUp(): void {
    this.#isOver = true;
  }

  event(event: PlanEvent): void {
    if (this.#isOver || this.hasEnded) return;
    if (event.kind === 'finish') {
      if (event.stopReason === 'cancelled') this.options.leave('unfinished');
      else {
        this.#send(undefined);
        this.hasEnded = true;
        const finish = this.#hasBroken ? undefined : countsOf(event);
        this.options.offer({ value: { kind: 'end', finish }, bytes: 0 });
      }
      return;
    }
    this.#send(undefined);
    const copy = copyEvent(event, this.options.wanted);
    if (copy === undefined) return;
    this.#asked = copy;
    // Nobody answers the end of a level.
    if (event.kind === 'level-end') this.#send(undefined);
  }

  answered(reply: Reply): void {
    if (this.#isOver || this.hasEnded || reply.kind === 'summary') return;
    this.#send(copyAdvices(reply.advices, this.options.roles));
  }

  /** A verdict is of advice that no shadow arm gave. */
  receipt(): void {}

  broken(): void {
    this.#hasBroken = true;
  }

  resumed(): void {}

  close(): void {
    if (!this.#isOver && !this.hasEnded) this.options.leave('unfinished');
  }

  /** Event and answer go together: one message instead of two. */
  #send(answer: Copied<ServedAdvices> | undefined): void {
    const asked = this.#asked;
    if (asked === undefined || this.#isOver) return;
    this.#asked = undefined;
    this.options.offer({
      value: { kind: 'event', event: asked.value, advices: answer?.value },
      bytes: asked.bytes + (answer?.bytes ?? 0),
    });
  }
}
