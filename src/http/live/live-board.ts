import type {
  SessionObserver,
  SessionObserverFactory,
  WatchRequest,
} from '../../domain/session/session-observer.js';
import { LivePlan } from './live-plan.js';

export interface LiveBoardOptions {
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Ended plans that stay visible. */
  readonly keepEnded?: number;
}

/** All open plans and the last that ended, as the operator's page shows them. */
export class LiveBoard implements SessionObserverFactory {
  readonly #wallMs: () => number;
  readonly #keepEnded: number;
  /** Open ones, then in the order in which they ended. */
  readonly #open = new Map<string, LivePlan>();
  readonly #ended = new Map<string, LivePlan>();
  #isStopped = false;
  /** Counts changes of any plan. */
  change = 0;
  /** Counts plans that came or went. */
  membership = 0;

  constructor({ wallMs, keepEnded = 32 }: LiveBoardOptions) {
    this.#wallMs = wallMs;
    this.#keepEnded = keepEnded;
  }

  /** The kill switch was pressed or released: open plans stay without advice from the first press on. */
  adviceStopped(isStopped: boolean): void {
    this.#isStopped = isStopped;
    if (isStopped) for (const plan of this.#open.values()) plan.stop();
  }

  observe(request: WatchRequest): SessionObserver {
    const plan = new LivePlan({
      ...request,
      wallMs: this.#wallMs,
      changed: () => {
        this.change += 1;
        return this.change;
      },
      closed: (ended) => this.#end(ended),
      isStopped: this.#isStopped,
    });
    this.#open.set(plan.sessionId, plan);
    this.membership += 1;
    return plan;
  }

  /** Open plans in the order in which they opened, then ended ones, the latest first. */
  plans(): readonly LivePlan[] {
    return [...this.#open.values(), ...[...this.#ended.values()].reverse()];
  }

  plan(sessionId: string): LivePlan | undefined {
    return this.#open.get(sessionId) ?? this.#ended.get(sessionId);
  }

  #end(plan: LivePlan): void {
    this.#open.delete(plan.sessionId);
    this.#ended.set(plan.sessionId, plan);
    this.membership += 1;
    if (this.#ended.size <= this.#keepEnded) return;
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined) this.#ended.delete(oldest);
  }
}
