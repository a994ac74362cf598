import type { ShownPlan } from '../../live/live-store.js';
import { figure, shortId, span } from '../figures.js';
import { memo } from '../memo.js';
import type { PlanChoice, SortKey } from './choose-plans.js';
import {
  elapsedMs,
  planName,
  predictedEnd,
  silentMs,
  stageWords,
  toGo,
  usedShare,
} from './plan-words.js';
import { Spark } from './spark.js';
import { Standing } from './standing.js';

interface RowProps {
  readonly plan: ShownPlan;
  readonly hostMs: number;
}

/** Summaries are made anew when anything of a plan has changed; clocks of open plans go on by the second. */
function isSameRow(before: RowProps, after: RowProps): boolean {
  if (before.plan.summary !== after.plan.summary) return false;
  const seconds = ({ plan, hostMs }: RowProps) =>
    Math.floor(elapsedMs(plan.summary, hostMs) / 1000);
  return seconds(before) === seconds(after);
}

const Row = memo(({ plan: { summary, curve }, hostMs }: RowProps) => {
  const { sessionId, label, client, solver, objective, iterations, standing } = summary;
  return (
    <tr class={standing.kind} data-plan={sessionId} data-until={curve.iterations.at(-1)}>
      <td>
        <Standing standing={standing} silentMs={silentMs(summary, hostMs)} withReason />
      </td>
      <th scope="row">
        <a class="plan-link" href={`#/plans/${sessionId}`}>
          {planName(summary)}
        </a>
        {/* Where there is no room for a column of states. */}
        <span class="sub narrow">
          <Standing standing={standing} silentMs={silentMs(summary, hostMs)} withReason />
        </span>
        <span class="sub">
          {label !== '' && `${shortId(sessionId)} · `}
          {client}
        </span>
      </th>
      <td class="wide">{solver}</td>
      <td class="wide">{stageWords(summary)}</td>
      <td>
        <Spark curve={curve} />
      </td>
      <td class="number iterations">{iterations}</td>
      <td class="number">{figure(objective)}</td>
      <td class="number wide">{predictedEnd(summary)}</td>
      <td class="number">{toGo(summary)}</td>
      <td class="number wide">{span(elapsedMs(summary, hostMs))}</td>
      <td class="number wide">{usedShare(summary)}</td>
    </tr>
  );
}, isSameRow);

interface Column {
  readonly title: string;
  readonly sort?: SortKey;
  readonly className?: string;
}

const COLUMNS: readonly Column[] = [
  { title: 'State', sort: 'state' },
  { title: 'Plan', sort: 'name' },
  { title: 'Solver', className: 'wide' },
  { title: 'Stage', className: 'wide' },
  { title: 'Convergence' },
  { title: 'Iterations', className: 'number' },
  { title: 'Objective', sort: 'objective', className: 'number' },
  { title: 'Predicted end', className: 'number wide' },
  { title: 'To go', sort: 'to go', className: 'number' },
  { title: 'Elapsed', sort: 'elapsed', className: 'number wide' },
  { title: 'Used', className: 'number wide' },
];

function Head({
  column: { title, sort, className = '' },
  choice,
  choose,
}: {
  readonly column: Column;
  readonly choice: PlanChoice;
  readonly choose: (choice: PlanChoice) => void;
}) {
  if (sort === undefined) {
    return (
      <th scope="col" class={className}>
        {title}
      </th>
    );
  }
  const isChosen = choice.sort === sort;
  const direction = choice.isReversed ? 'descending' : 'ascending';
  return (
    <th scope="col" class={className} aria-sort={isChosen ? direction : 'none'}>
      <button
        type="button"
        class="sort"
        onClick={() => {
          const isReversed = isChosen && !choice.isReversed;
          choose({ ...choice, sort, isReversed });
        }}
      >
        {title}
      </button>
    </th>
  );
}

/** A line a plan. */
export function PlanList(props: {
  readonly plans: readonly ShownPlan[];
  readonly hostMs: number;
  readonly choice: PlanChoice;
  readonly choose: (choice: PlanChoice) => void;
}) {
  const { plans, hostMs, choice, choose } = props;
  return (
    <table class="plan-list">
      <caption class="hidden">Plans</caption>
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <Head key={column.title} column={column} choice={choice} choose={choose} />
          ))}
        </tr>
      </thead>
      <tbody>
        {plans.map((plan) => (
          <Row key={plan.summary.sessionId} plan={plan} hostMs={hostMs} />
        ))}
      </tbody>
    </table>
  );
}
