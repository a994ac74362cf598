import type { PlanSummary } from '../../../../src/http/live/plan-views.js';
import type { PlanStanding } from '../../../../src/http/live/standing.js';
import type { ShownPlan } from '../../live/live-store.js';
import { silentMs } from './plan-words.js';

export type SortKey = 'attention' | 'opened' | 'name' | 'state' | 'objective' | 'to go' | 'elapsed';

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
  sort: 'attention',
  isReversed: false,
};

const ORDER = ['stopped', 'unadvised', 'resuming', 'advised', 'shadow', 'ended'];

/** What wants to be looked at first: plans that are silent, without advice or away, then all others as they opened. */
const TROUBLED: readonly string[] = ['unadvised', 'resuming', 'stopped'];

function attention(summary: PlanSummary, hostMs: number): number {
  if (silentMs(summary, hostMs) > 0) return 0;
  const rank = TROUBLED.indexOf(summary.standing.kind);
  return rank < 0 ? TROUBLED.length + 1 : rank + 1;
}

const last = Number.POSITIVE_INFINITY;

const KEYS: Readonly<Record<SortKey, (summary: PlanSummary, hostMs: number) => number | string>> = {
  attention,
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
  hostMs: number,
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
    .map((plan) => ({ plan, at: key(plan.summary, hostMs) }))
    .sort((a, b) => {
      const ended = isEnded(a.plan) - isEnded(b.plan);
      if (ended !== 0) return ended;
      if (a.at !== b.at) return direction * (a.at < b.at ? -1 : 1);
      return a.plan.summary.openedAtMs - b.plan.summary.openedAtMs;
    })
    .map(({ plan }) => plan);
}
