import type { ExperimentPanel, PanelTable } from '../../../src/experiments/report/panel.js';
import type { HostStatus } from '../../../src/http/api.js';
import { useHost } from '../live/hooks.js';
import { ExperimentActions } from '../parts/experiment-actions.js';
import { moment } from '../parts/figures.js';
import { SequencePlot } from '../parts/sequence-plot.js';
import { Table } from '../parts/table.js';
import { REFRESH_MS } from './experiments.js';

/** Figures and single words, which are not to be broken. */
const SHORT = 18;

function WordTable({ title, head, rows }: PanelTable) {
  return (
    <Table caption={title} head={head}>
      {rows.map((row) => (
        <tr key={row.join('|')}>
          {row.map((cell, column) =>
            column === 0 ? (
              <th key={head[column]} scope="row">
                {cell}
              </th>
            ) : (
              <td key={head[column]} class={cell.length < SHORT ? 'figure' : ''}>
                {cell}
              </td>
            ),
          )}
        </tr>
      ))}
    </Table>
  );
}

interface ReportProps {
  readonly panel: ExperimentPanel;
  readonly status: HostStatus;
  readonly say: (text: string) => void;
  readonly done: () => void;
}

function Report(props: ReportProps) {
  const { panel } = props;
  const { entry, decision, armDecisions, tables, sequences, notes, atMs } = panel;
  const isPromoted = entry.state === 'promoted';
  const ofArms = armDecisions.filter(({ arm }) => arm !== decision.arm);
  return (
    <>
      {isPromoted && (
        <p class="decision promote" role="status">
          <strong>promoted</strong>: {entry.reason}
        </p>
      )}
      <p class={isPromoted ? 'note' : `decision ${decision.kind}`} role="status">
        {isPromoted && 'The analysis says now: '}
        <strong>{decision.kind}</strong>
        {decision.arm !== null && ` ${decision.arm}`}: {decision.reason}
      </p>
      <ExperimentActions {...props} />
      {ofArms.length > 1 && (
        <ul>
          {ofArms.map(({ arm, kind, reason }) => (
            <li key={arm}>
              {arm}: {kind}, {reason}
            </li>
          ))}
        </ul>
      )}
      <p class="quiet lead">
        <span class={`badge first ${entry.state}`}>{entry.state}</span>{' '}
        {!isPromoted && `${entry.reason}. `}Units are {entry.unit}s. As of {moment(atMs)}.
      </p>
      {tables.map((table) => (
        <WordTable key={table.title} {...table} />
      ))}
      {sequences.length > 0 && <h2>Over the plans</h2>}
      <div class="grid thirds">
        {sequences.map((sequence) => (
          <SequencePlot key={sequence.title} sequence={sequence} />
        ))}
      </div>
      {sequences.length > 0 && (
        <p class="quiet">
          Band: interval, which holds at all analyses together. Dashed: no effect. Dotted: margin.
          Ratios on a logarithmic axis.
        </p>
      )}
      <ul class="quiet">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </>
  );
}

/** One experiment: the decision first, then checks, arms, effects, and how they came about. */
export function ExperimentPage(props: {
  readonly id: string;
  readonly status: HostStatus;
  readonly say: (text: string) => void;
}) {
  const { id, status, say } = props;
  const { value, fault, again } = useHost<ExperimentPanel>(
    `/api/experiments/${encodeURIComponent(id)}`,
    status.instance,
    REFRESH_MS,
  );
  return (
    <section aria-labelledby="experiment-title">
      <div class="toolbar">
        <a class="back" href="#/experiments">
          All experiments
        </a>
        <h1 id="experiment-title">Experiment {id}</h1>
      </div>
      {fault !== undefined && (
        <p role="alert" class="fault">
          {fault.message}
        </p>
      )}
      {value === undefined && fault === undefined && <p class="quiet">Reading…</p>}
      {value !== undefined && <Report panel={value} status={status} say={say} done={again} />}
    </section>
  );
}
