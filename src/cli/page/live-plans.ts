import type { HostStatus, LivePlanUpdate, LiveUpdate } from '../../http/api.js';

export interface TerminalPlan {
  readonly summary: LivePlanUpdate;
  /** As the host keeps them: thinned when there are many. */
  readonly objectives: readonly (number | null)[];
}

/** What the live feed has told so far. */
export class LivePlans {
  readonly #plans = new Map<string, { summary: LivePlanUpdate; objectives: (number | null)[] }>();
  #members: readonly string[] = [];
  #instance = '';
  status: HostStatus | undefined;
  /** By the host's clock. */
  sentAtMs = 0;

  take({ instance, sentAtMs, status, members, plans }: LiveUpdate): void {
    if (instance !== this.#instance) this.#plans.clear();
    this.#instance = instance;
    this.sentAtMs = sentAtMs;
    if (status !== undefined) this.status = status;
    for (const summary of plans ?? []) {
      const { from, objectives } = summary.curve;
      const known = this.#plans.get(summary.sessionId)?.objectives.slice(0, from) ?? [];
      this.#plans.set(summary.sessionId, { summary, objectives: [...known, ...objectives] });
    }
    if (members === undefined) return;
    this.#members = members;
    for (const id of this.#plans.keys()) if (!members.includes(id)) this.#plans.delete(id);
  }

  /** Open ones first. */
  plans(): readonly TerminalPlan[] {
    return this.#members.flatMap((id) => this.#plans.get(id) ?? []);
  }
}
