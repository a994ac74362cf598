import type { HostStatus, LiveUpdate } from '../../../src/http/api.js';
import type { PlanSummary } from '../../../src/http/live/plan-views.js';
import { HostFault, wantsToken } from './host-calls.js';
import { PlanCurve } from './plan-curve.js';

export interface ShownPlan {
  readonly summary: PlanSummary;
  readonly curve: PlanCurve;
}

export interface LiveState {
  /** `denied`: the host is there and asks who looks. */
  readonly connection: 'connecting' | 'live' | 'lost' | 'denied';
  /** Why it is denied; undefined otherwise. */
  readonly denial: HostFault | undefined;
  /** Undefined before the first word of the host. */
  readonly status: HostStatus | undefined;
  /** Ones whose summary is another object have changed. */
  readonly plans: readonly ShownPlan[];
  /** When the host was lost, by this machine's clock; 0 while it is there. */
  readonly lostAtMs: number;
  /** How often the host turned out to be another process than before. */
  readonly restarts: number;
  /** When the newest update was made, by the host's clock; 0 before. */
  readonly sentAtMs: number;
  /** When it came, by the clock of this page that only goes forward. */
  readonly receivedMs: number;
}

const RETRY_MS = 1000;

/** Reads the feed until it ends; rejects with a `HostFault` when the host says no. */
export type ReadFeed = (take: (update: LiveUpdate) => void, signal: AbortSignal) => Promise<void>;

/** The state of the host as its live feed tells it. Comes back by itself when the host does. */
export class LiveStore {
  readonly #listeners = new Set<() => void>();
  readonly #plans = new Map<string, ShownPlan>();
  readonly #readFeed: ReadFeed;
  #members: readonly string[] = [];
  #instance = '';
  #leave = new AbortController();
  state: LiveState = {
    connection: 'connecting',
    status: undefined,
    plans: [],
    restarts: 0,
    sentAtMs: 0,
    receivedMs: 0,
    lostAtMs: 0,
    denial: undefined,
  };

  constructor(readFeed: ReadFeed) {
    this.#readFeed = readFeed;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls, and again whenever the host went away. Somebody else has signed in: with what is shown now. */
  connect(): void {
    this.#leave.abort();
    this.#leave = new AbortController();
    void this.#follow(this.#leave.signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let fault: unknown;
      try {
        await this.#readFeed((update) => {
          if (!signal.aborted) this.#take(update);
        }, signal);
      } catch (thrown) {
        fault = thrown;
      }
      if (signal.aborted) return;
      const denial = fault instanceof HostFault && wantsToken(fault) ? fault : undefined;
      if (denial !== undefined) {
        this.#deny(denial);
        return;
      }
      this.#set({ connection: 'lost', denial, lostAtMs: this.state.lostAtMs || Date.now() });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** What was known is not for whoever is asked who he is. */
  #deny(denial: HostFault): void {
    this.#plans.clear();
    this.#members = [];
    this.#set({ connection: 'denied', denial, status: undefined, plans: [], lostAtMs: 0 });
  }

  #take({ instance, sentAtMs, status, members, plans }: LiveUpdate): void {
    const isRestarted = this.#instance !== '' && this.#instance !== instance;
    if (isRestarted) this.#plans.clear();
    this.#instance = instance;
    for (const { curve, ...summary } of plans ?? []) {
      const known = this.#plans.get(summary.sessionId)?.curve;
      const shown = known === undefined || curve.from === 0 ? new PlanCurve() : known;
      shown.take(curve);
      this.#plans.set(summary.sessionId, { summary, curve: shown });
    }
    if (members !== undefined) {
      this.#members = members;
      const shown = new Set(members);
      for (const id of this.#plans.keys()) if (!shown.has(id)) this.#plans.delete(id);
    }
    const { restarts } = this.state;
    this.#set({
      connection: 'live',
      denial: undefined,
      lostAtMs: 0,
      sentAtMs,
      receivedMs: performance.now(),
      status: status ?? this.state.status,
      plans: this.#members.flatMap((id) => this.#plans.get(id) ?? []),
      restarts: isRestarted ? restarts + 1 : restarts,
    });
  }

  #set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
