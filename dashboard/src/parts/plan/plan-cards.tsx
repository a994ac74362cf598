import type { RoleSummary } from '../../../../src/http/live/plan-views.js';
import type { ShownPlan } from '../../live/live-store.js';
import { CurvePlot } from '../curve-plot.js';
import { figure, share } from '../figures.js';
import { memo } from '../memo.js';
import { planName, predictedEnd, stageWords, toGo } from './plan-words.js';
import { Standing } from './standing.js';

const CURVE_HEIGHT = 140;

function RoleLine({ role, plugin, answered, nothingToSay, heldBack, used, notUsed }: RoleSummary) {
  if (plugin === '') return null;
  return (
    <tr>
      <th scope="row">{role}</th>
      <td>{answered}</td>
      <td>{nothingToSay}</td>
      <td>{heldBack}</td>
      <td>{share(used, used + notUsed)}</td>
    </tr>
  );
}

const Card = memo(
  ({ plan: { summary, curve } }: { readonly plan: ShownPlan }) => {
    const figures: readonly (readonly [string, string])[] = [
      ['stage', stageWords(summary)],
      ['iterations', String(summary.iterations)],
      ['objective', figure(summary.objective)],
      ['predicted end', predictedEnd(summary)],
      ['to go', toGo(summary)],
    ];
    return (
      <article class="card" data-plan={summary.sessionId} data-until={curve.iterations.at(-1)}>
        <h2>
          <a class="plan-link" href={`#/plans/${summary.sessionId}`}>
            {planName(summary)}
          </a>
          <Standing standing={summary.standing} />
        </h2>
        <CurvePlot summary={summary} curve={curve} height={CURVE_HEIGHT} />
        <dl class="figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class={name}>{value}</dd>
            </div>
          ))}
        </dl>
        {summary.roles.some(({ plugin }) => plugin !== '') ? (
          <table class="small">
            <thead>
              <tr>
                {['role', 'answered', 'nothing', 'held back', 'used'].map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {summary.roles.map((role) => (
                <RoleLine key={role.role} {...role} />
              ))}
            </tbody>
          </table>
        ) : (
          <p class="note">{summary.standing.why || 'No role of it is on.'}</p>
        )}
      </article>
    );
  },
  (before, after) => before.plan.summary === after.plan.summary,
);

/** A card a plan, with its curve and what its roles said. */
export function PlanCards({ plans }: { readonly plans: readonly ShownPlan[] }) {
  return (
    <div class="grid">
      {plans.map((plan) => (
        <Card key={plan.summary.sessionId} plan={plan} />
      ))}
    </div>
  );
}
