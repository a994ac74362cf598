import type { ShownPlan } from '../../live/live-store.js';
import { about, figure } from '../figures.js';
import { memo } from '../memo.js';
import { planName, silentMs, stillToGo } from './plan-words.js';
import { Spark } from './spark.js';

interface TileProps {
  readonly plan: ShownPlan;
  readonly hostMs: number;
}

/** Only of one that is silent. */
const silentSeconds = ({ plan, hostMs }: TileProps) =>
  Math.floor(silentMs(plan.summary, hostMs) / 1000);

const Tile = memo(
  ({ plan: { summary, curve }, hostMs }: TileProps) => {
    const { sessionId, standing, objective, iterations } = summary;
    const silence = silentMs(summary, hostMs);
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
          {silence > 0 && ` · silent for ${about(silence)}`}
          {standing.kind !== 'advised' && ` · ${standing.kind}`}
          {summary.prediction?.toEnd && ` · ${stillToGo(summary)}`}
        </span>
      </li>
    );
  },
  (before, after) =>
    before.plan.summary === after.plan.summary && silentSeconds(before) === silentSeconds(after),
);

/** Very many plans on one screen: name, state, shape, objective. */
export function PlanOverview(props: {
  readonly plans: readonly ShownPlan[];
  readonly hostMs: number;
}) {
  const { plans, hostMs } = props;
  return (
    <ul class="tiles">
      {plans.map((plan) => (
        <Tile key={plan.summary.sessionId} plan={plan} hostMs={hostMs} />
      ))}
    </ul>
  );
}
