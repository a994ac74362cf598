import { useState } from 'preact/hooks';
import type { HostStatus } from '../../../src/http/api.js';
import type { LivePlanView, PlanSummary } from '../../../src/http/live/plan-views.js';
import { useHost, useHostMs } from '../live/hooks.js';
import { ask, HostFault } from '../live/host-calls.js';
import type { LiveState } from '../live/live-store.js';
import { PlanCurve } from '../live/plan-curve.js';
import { CurvePlot } from '../parts/curve-plot.js';
import { figure, moment, shortId, span } from '../parts/figures.js';
import { PlanLog, Provenance, RolesOfPlan, Stages } from '../parts/plan/plan-course.js';
import { PlanResult, PlanSlices } from '../parts/plan/plan-result.js';
import {
  elapsedMs,
  planName,
  predictedEnd,
  silentMs,
  stageWords,
  toGo,
  usedShare,
} from '../parts/plan/plan-words.js';
import { Standing } from '../parts/plan/standing.js';

const CURVE_HEIGHT = 320;
/** Iterations come faster than anybody reads. */
const REFRESH_MS = 1000;
const REVOKE_MS = 60_000;

function Figures({ summary, hostMs }: { readonly summary: PlanSummary; readonly hostMs: number }) {
  const isOver = summary.standing.kind === 'ended';
  const running: readonly (readonly [string, string])[] = [
    ['stage', stageWords(summary)],
    ['predicted end', predictedEnd(summary)],
    ['to go', toGo(summary)],
  ];
  const figures: readonly (readonly [string, string])[] = [
    ['objective', figure(summary.objective)],
    ['iterations', String(summary.iterations)],
    ...(isOver ? [] : running),
    ['elapsed', span(elapsedMs(summary, hostMs))],
    ['advice used', usedShare(summary)],
  ];
  return (
    <dl class="figures large">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Asks for the report with whatever is shown to the host, and hands it to the browser as a file. */
async function saveReport(path: string, sessionId: string): Promise<void> {
  const url = URL.createObjectURL(await (await ask(`${path}/report`)).blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `plan-${shortId(sessionId)}.html`;
  link.click();
  // The browser reads it after this call has returned.
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
}

function SaveReport({ path, sessionId }: { readonly path: string; readonly sessionId: string }) {
  const [fault, setFault] = useState('');
  const save = () => {
    setFault('');
    saveReport(path, sessionId).catch((thrown: unknown) =>
      setFault(thrown instanceof HostFault ? thrown.message : 'The report could not be read.'),
    );
  };
  return (
    <>
      {fault !== '' && (
        <span role="alert" class="fault">
          {fault}
        </span>
      )}
      <button type="button" onClick={save}>
        Save report
      </button>
    </>
  );
}

/** Everything of one plan. */
export function PlanPage(props: {
  readonly live: LiveState;
  readonly status: HostStatus;
  readonly sessionId: string;
}) {
  const { live, status, sessionId } = props;
  const hostMs = useHostMs(live);
  const shown = live.plans.find(({ summary }) => summary.sessionId === sessionId);
  const isOver = shown?.summary.standing.kind === 'ended';
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
  const { finish } = view;
  return (
    <section aria-labelledby="plan-title" class="plan">
      <div class="toolbar">
        <a class="back" href="#/plans">
          Plans
        </a>
        <h1 id="plan-title">{planName(summary)}</h1>
        <Standing standing={summary.standing} silentMs={silentMs(summary, hostMs)} withReason />
        <SaveReport path={path} sessionId={sessionId} />
      </div>
      <p class="quiet lead">
        {view.solver}, {view.adviceMode === 'shadow' ? 'shadow, ' : ''}
        {view.quality} · {view.client} · opened {moment(view.openedAtMs)}
      </p>
      <Figures summary={summary} hostMs={hostMs} />
      <div class={finish === null ? 'pair single' : 'pair'}>
        <section class="panel" aria-labelledby="convergence-title">
          <h2 id="convergence-title">Convergence</h2>
          <CurvePlot summary={summary} curve={curve} height={CURVE_HEIGHT} stages={view.stages} />
          <p class="note">
            Objective of the running stage over the plan's iterations. Vertical lines: a stage
            begins. Band: predicted end, two standard deviations.
          </p>
          <Stages view={view} />
        </section>
        {finish !== null && <PlanResult finish={finish} />}
      </div>
      {finish !== null && <PlanSlices sessionId={sessionId} finish={finish} />}
      <RolesOfPlan view={view} />
      <details>
        <summary>Log of {view.log.length + view.droppedEntries} entries</summary>
        <PlanLog view={view} />
      </details>
      <Provenance view={view} version={status.version} />
    </section>
  );
}
