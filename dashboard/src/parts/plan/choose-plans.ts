import type { PlanSummary } from '../../../../src/http/live/plan-views.js';
import type { PlanStanding } from '../../../../src/http/live/standing.js';
import type { ShownPlan } from '../../live/live-store.js';

export type SortKey = 'opened' | 'name' | 'state' | 'objective' | 'to go' | 'elapsed';

export interface PlanChoice {
  /** Matches label, session, client, solver and state. */
  readonly search: string;
  readonly kind: PlanStanding['kind'] | 'all';
  readonly sort: SortKey;
  readonly isReversed: boolean;
}

export const EVERYTHING: PlanChoice = {
  search: '',
  kind: 'all',
  sort: 'opened',
  isReversed: false,
};

const ORDER = ['stopped', 'unadvised', 'resuming', 'advised', 'shadow', 'ended'];

const last = Number.POSITIVE_INFINITY;

const KEYS: Readonly<Record<SortKey, (summary: PlanSummary) => number | string>> = {
  opened: ({ openedAtMs }) => openedAtMs,
  name: ({ label, sessionId }) => `${label} ${sessionId}`,
  state: ({ standing }) => ORDER.indexOf(standing.kind),
  objective: ({ objective }) => objective ?? last,
  'to go': ({ prediction }) => prediction?.toEnd?.ms ?? last,
  elapsed: ({ openedAtMs, updatedAtMs }) => updatedAtMs - openedAtMs,
};

function textOf({ label, sessionId, client, solver, standing }: PlanSummary): string {
  return [label, sessionId, client, solver, standing.kind, standing.why].join(' ').toLowerCase();
}

/** What is looked for, in the order that is wanted; ended plans always come last. */
export function choosePlans(
  plans: readonly ShownPlan[],
  { search, kind, sort, isReversed }: PlanChoice,
): readonly ShownPlan[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const key = KEYS[sort];
  const direction = isReversed ? -1 : 1;
  const isEnded = ({ summary }: ShownPlan) => (summary.standing.kind === 'ended' ? 1 : 0);
  return plans
    .filter(({ summary }) => kind === 'all' || summary.standing.kind === kind)
    .filter(({ summary }) => {
      const text = textOf(summary);
      return words.every((word) => text.includes(word));
    })
    .map((plan) => ({ plan, at: key(plan.summary) }))
    .sort((a, b) => {
      const ended = isEnded(a.plan) - isEnded(b.plan);
      if (ended !== 0) return ended;
      return a.at === b.at ? 0 : direction * (a.at < b.at ? -1 : 1);
    })
    .map(({ plan }) => plan);
}
