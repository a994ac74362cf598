import type { HostStatus, LiveUpdate } from '../../../src/http/api.js';
import type { PlanSummary } from '../../../src/http/live/plan-views.js';
import { PlanCurve } from './plan-curve.js';

export interface ShownPlan {
  readonly summary: PlanSummary;
  readonly curve: PlanCurve;
}

export interface LiveState {
  readonly connection: 'connecting' | 'live' | 'lost';
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
}

const RETRY_MS = 1000;

/** The state of the host as its live feed tells it. Comes back by itself when the host does. */
export class LiveStore {
  readonly #listeners = new Set<() => void>();
  readonly #plans = new Map<string, ShownPlan>();
  readonly #url: string;
  #members: readonly string[] = [];
  #instance = '';
  #source: EventSource | undefined;
  state: LiveState = {
    connection: 'connecting',
    status: undefined,
    plans: [],
    restarts: 0,
    sentAtMs: 0,
    lostAtMs: 0,
  };

  constructor(url: string) {
    this.#url = url;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  connect(): void {
    const source = new EventSource(this.#url);
    this.#source = source;
    source.onmessage = ({ data }) => this.#take(JSON.parse(String(data)) as LiveUpdate);
    source.onerror = () => {
      const lostAtMs = this.state.lostAtMs || Date.now();
      this.#set({ connection: 'lost', lostAtMs });
      // A browser calls again by itself, unless the answer was no stream at all.
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#source = undefined;
      setTimeout(() => this.connect(), RETRY_MS);
    };
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
      lostAtMs: 0,
      sentAtMs,
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
