import type { ShownPlan } from '../../live/live-store.js';
import { figure } from '../figures.js';
import { memo } from '../memo.js';
import { planName, stillToGo } from './plan-words.js';
import { Spark } from './spark.js';

const Tile = memo(
  ({ plan: { summary, curve } }: { readonly plan: ShownPlan }) => {
    const { sessionId, standing, objective, iterations } = summary;
    return (
      <li
        class={`tile ${standing.kind}`}
        data-plan={sessionId}
        data-until={curve.iterations.at(-1)}
      >
        <a class="plan-link" href={`#/plans/${sessionId}`} title={standing.why}>
          <span class={`state ${standing.kind}`}>
            <span class="dot" aria-hidden="true" />
          </span>
          {planName(summary)}
          <span class="hidden">, {standing.kind}</span>
        </a>
        <span class="objective">
          <span class="hidden">objective </span>
          {figure(objective)}
        </span>
        <Spark curve={curve} />
        <span class="quiet">
          <span class="iterations">{iterations}</span> it
          {standing.kind !== 'advised' && ` · ${standing.kind}`}
          {summary.prediction?.toEnd && ` · ${stillToGo(summary)}`}
        </span>
      </li>
    );
  },
  (before, after) => before.plan.summary === after.plan.summary,
);

/** Very many plans on one screen: name, state, shape, objective. */
export function PlanOverview({ plans }: { readonly plans: readonly ShownPlan[] }) {
  return (
    <ul class="tiles">
      {plans.map((plan) => (
        <Tile key={plan.summary.sessionId} plan={plan} />
      ))}
    </ul>
  );
}
