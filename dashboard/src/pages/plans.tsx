import { useEffect, useRef } from 'preact/hooks';
import type { PlanSummary, RoleSummary } from '../../../src/http/live/plan-views.js';
import type { LiveState, ShownPlan } from '../live/live-store.js';
import { CurvePlot } from '../parts/curve-plot.js';
import { figure, share, shortId } from '../parts/figures.js';
import { memo } from '../parts/memo.js';

const CURVE_HEIGHT = 140;

function predicted({ prediction }: PlanSummary): string {
  if (prediction === null) return '–';
  const { value, deviation } = prediction;
  return deviation === null ? figure(value) : `${figure(value)} ± ${figure(2 * deviation)}`;
}

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

const PlanCard = memo(
  ({ plan: { summary, curve } }: { readonly plan: ShownPlan }) => (
    <article class={`card ${summary.state}`} aria-label={`Plan ${shortId(summary.sessionId)}`}>
      <h3>
        <a href={`#/plans/${summary.sessionId}`}>{shortId(summary.sessionId)}</a>
        <span class={`badge ${summary.state}`}>{summary.state}</span>
      </h3>
      <p class="quiet">
        {summary.client}, {summary.solver}, {summary.adviceMode}, generation {summary.generation}
      </p>
      <CurvePlot summary={summary} curve={curve} height={CURVE_HEIGHT} />
      <dl class="figures">
        <div>
          <dt>level / stage</dt>
          <dd>
            {summary.level ?? '–'} / {summary.stage ?? '–'}
          </dd>
        </div>
        <div>
          <dt>iterations</dt>
          <dd class="iterations">{summary.iterations}</dd>
        </div>
        <div>
          <dt>objective</dt>
          <dd>{figure(summary.objective)}</dd>
        </div>
        <div>
          <dt>predicted end</dt>
          <dd>{predicted(summary)}</dd>
        </div>
      </dl>
      <table class="small">
        <thead>
          <tr>
            <th scope="col">role</th>
            <th scope="col">answered</th>
            <th scope="col">nothing to say</th>
            <th scope="col">held back</th>
            <th scope="col">used</th>
          </tr>
        </thead>
        <tbody>
          {summary.roles.map((role) => (
            <RoleLine key={role.role} {...role} />
          ))}
        </tbody>
      </table>
    </article>
  ),
  // Summaries are made anew when anything of a plan has changed.
  (before, after) => before.plan.summary === after.plan.summary,
);

/** How far the page is behind the host, in the page's attributes: for the benchmark, not for people. */
function useLag({ sentAtMs, plans }: LiveState) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    const newest = plans.reduce((latest, { summary }) => Math.max(latest, summary.updatedAtMs), 0);
    const data = section.current?.dataset;
    if (data === undefined) return;
    data['sentAtMs'] = String(sentAtMs);
    data['newestMs'] = String(newest);
    data['shownAtMs'] = String(Date.now());
  });
  return section;
}

/** Every open plan, and those that ended last. */
export function PlansPage({ live }: { readonly live: LiveState }) {
  const section = useLag(live);
  const isOpen = ({ summary }: ShownPlan) =>
    summary.state === 'open' || summary.state === 'waiting';
  const open = live.plans.filter(isOpen);
  const ended = live.plans.filter((plan) => !isOpen(plan));
  return (
    <section ref={section} class="plans" aria-labelledby="plans-title">
      <h1 id="plans-title">Plans</h1>
      <h2>{open.length} open</h2>
      {open.length === 0 && (
        <p class="quiet">No plan is open. One appears as soon as an optimizer calls.</p>
      )}
      <div class="grid">
        {open.map((plan) => (
          <PlanCard key={plan.summary.sessionId} plan={plan} />
        ))}
      </div>
      {ended.length > 0 && <h2>Ended last</h2>}
      <div class="grid">
        {ended.map((plan) => (
          <PlanCard key={plan.summary.sessionId} plan={plan} />
        ))}
      </div>
    </section>
  );
}
