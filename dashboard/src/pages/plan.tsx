import type { FinishView, LivePlanView, MetricView } from '../../../src/http/live/plan-views.js';
import { useHost } from '../live/hooks.js';
import type { LiveState } from '../live/live-store.js';
import { PlanCurve } from '../live/plan-curve.js';
import { CurvePlot } from '../parts/curve-plot.js';
import { figure, milliseconds, moment, shortId } from '../parts/figures.js';
import { Table } from '../parts/table.js';

const CURVE_HEIGHT = 320;
/** Iterations come faster than anybody reads. */
const REFRESH_MS = 1000;

function Stages({ view }: { readonly view: LivePlanView }) {
  const head = [
    'stage',
    'level',
    'sigma, Gy',
    'beamlets',
    'iterations',
    'objective',
    'ended by',
    'took',
  ];
  return (
    <Table caption="Levels and stages" head={head}>
      {view.stages.map((stage) => (
        <tr key={stage.stage}>
          <th scope="row">{stage.stage}</th>
          <td>{stage.level}</td>
          <td>{figure(stage.histogramSigmaGy)}</td>
          <td>{stage.beamletCount}</td>
          <td>{stage.iterations}</td>
          <td>
            {figure(stage.startObjective)} → {figure(stage.objective)}
          </td>
          <td>{stage.stopReason ?? 'running'}</td>
          <td>{milliseconds(stage.elapsedMs)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Roles({ view }: { readonly view: LivePlanView }) {
  const words = (counts: LivePlanView['roles'][number]['outcomes']) =>
    counts.map(({ word, count }) => `${word} ${count}`).join(', ') || '–';
  return (
    <Table caption="Roles" head={['role', 'plugin', 'model', 'outcomes', 'verdicts']}>
      {view.roles.map((role) => (
        <tr key={role.role}>
          <th scope="row">{role.role}</th>
          <td>{role.plugin === '' ? 'off' : `${role.plugin} ${role.pluginVersion}`}</td>
          <td>{role.model || '–'}</td>
          <td>{words(role.outcomes)}</td>
          <td>{words(role.verdicts)}</td>
        </tr>
      ))}
    </Table>
  );
}

function PlanLog({ view }: { readonly view: LivePlanView }) {
  const head = ['after', 'level / stage', 'role', 'outcome', 'what', 'took'];
  return (
    <>
      <Table caption="Log" head={head}>
        {view.log.map((entry, k) => (
          <tr key={`${view.droppedEntries + k}`}>
            <td>{entry.after}</td>
            <td>
              {entry.level ?? '–'} / {entry.stage ?? '–'}
            </td>
            <th scope="row">{entry.role}</th>
            <td>
              {entry.outcome}
              {entry.count > 1 && ` × ${entry.count}`}
            </td>
            <td>{[entry.text, entry.reason].filter(Boolean).join(' · ') || '–'}</td>
            <td>{milliseconds(entry.latencyUs / 1000)}</td>
          </tr>
        ))}
      </Table>
      {view.droppedEntries > 0 && (
        <p class="quiet">{view.droppedEntries} earlier entries are no longer kept.</p>
      )}
    </>
  );
}

/** A row a structure, a column a metric. */
function DoseMetrics({ metrics }: { readonly metrics: readonly MetricView[] }) {
  const names = [...new Set(metrics.map(({ name }) => name))];
  const structures = [...new Set(metrics.map(({ structure }) => structure))];
  const unitOf = (name: string) => metrics.find((metric) => metric.name === name)?.unit;
  const head = names.map((name) => (unitOf(name) === 'Gy' ? `${name}, Gy` : name));
  return (
    <Table caption="Dose metrics" head={['structure', ...head]}>
      {structures.map((structure) => (
        <tr key={structure}>
          <th scope="row">{structure}</th>
          {names.map((name) => (
            <td key={name}>
              {figure(
                metrics.find((metric) => metric.structure === structure && metric.name === name)
                  ?.value,
              )}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

function Finish({ finish }: { readonly finish: FinishView }) {
  return (
    <>
      <dl class="figures">
        {[
          ['ended by', finish.stopReason],
          ['F_ref', figure(finish.referenceObjective)],
          ['call-equivalents', figure(finish.callEquivalents)],
          ['iterations', String(finish.iterations)],
          ['optimizing', milliseconds(finish.optimizationMs)],
          ['waiting for advice', milliseconds(finish.adviceWaitMs)],
        ].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <DoseMetrics metrics={finish.metrics} />
    </>
  );
}

/** Everything of one plan. */
export function PlanPage({ live, sessionId }: { live: LiveState; sessionId: string }) {
  const shown = live.plans.find(({ summary }) => summary.sessionId === sessionId);
  const isOver = shown !== undefined && !['open', 'waiting'].includes(shown.summary.state);
  const path = `/api/plans/${encodeURIComponent(sessionId)}`;
  const { value: view, fault } = useHost<LivePlanView>(
    path,
    `${shown?.summary.state} ${live.restarts}`,
    isOver ? 0 : REFRESH_MS,
  );
  if (view === undefined) {
    return <p role={fault && 'alert'}>{fault === undefined ? 'Reading…' : fault.message}</p>;
  }
  const summary = shown?.summary ?? { ...view };
  const curve = shown?.curve ?? new PlanCurve();
  if (shown === undefined) curve.take(view.curve);
  return (
    <section aria-labelledby="plan-title">
      <p>
        <a href="#/plans">All plans</a>
      </p>
      <h1 id="plan-title">
        Plan {shortId(sessionId)} <span class={`badge ${summary.state}`}>{summary.state}</span>
      </h1>
      <p class="quiet">
        Session {sessionId}, opened {moment(view.openedAtMs)} by {view.client}, {view.solver},{' '}
        {view.adviceMode}, generation {view.generation}
      </p>
      <h2>Convergence</h2>
      <CurvePlot summary={summary} curve={curve} height={CURVE_HEIGHT} />
      <p class="quiet">
        Objective of the running stage over iterations of the plan; dashed lines are stages, the
        band is the predicted end with two standard deviations.
      </p>
      {view.finish !== null && (
        <>
          <h2>Result</h2>
          <Finish finish={view.finish} />
        </>
      )}
      <h2>Course</h2>
      <Stages view={view} />
      <Roles view={view} />
      <PlanLog view={view} />
    </section>
  );
}
