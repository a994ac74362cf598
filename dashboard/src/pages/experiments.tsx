import type { ExperimentEntry, ExperimentList } from '../../../src/experiments/report/panel.js';
import type { HostStatus } from '../../../src/http/api.js';
import { useHost } from '../live/hooks.js';
import { moment } from '../parts/figures.js';
import { Table } from '../parts/table.js';

/** The host looks when it likes; this only asks what it saw last. */
export const REFRESH_MS = 5000;

function Row({ entry }: { readonly entry: ExperimentEntry }) {
  const { id, state, reason, arms, control, primary, changedAtMs } = entry;
  return (
    <tr>
      <th scope="row">
        <a href={`#/experiments/${id}`}>{id}</a>
      </th>
      <td>
        <span class={`badge ${state}`}>{state}</span> {reason}
      </td>
      <td>
        {arms
          .map((arm) => `${arm.id} ${arm.weight}${arm.id === control ? ' (control)' : ''}`)
          .join(', ')}
      </td>
      <td>
        {primary.name}, {primary.direction} is better
      </td>
      <td class="figure">{moment(changedAtMs)}</td>
    </tr>
  );
}

/** Every experiment of the host's database, ended ones included. */
export function ExperimentsPage({ status }: { readonly status: HostStatus }) {
  const { value, fault } = useHost<ExperimentList>('/api/experiments', status.instance, REFRESH_MS);
  return (
    <section aria-labelledby="experiments-title">
      <h1 id="experiments-title">Experiments</h1>
      {fault !== undefined && (
        <p role="alert" class="fault">
          {fault.message}
        </p>
      )}
      {value === undefined && fault === undefined && <p class="quiet">Reading…</p>}
      {value?.experiments.length === 0 && (
        <p class="quiet">
          There is no experiment yet. They are defined under <code>experiments:</code> in the
          configuration.
        </p>
      )}
      {value !== undefined && value.experiments.length > 0 && (
        <Table
          caption="All experiments"
          head={['experiment', 'state', 'arms', 'primary', 'changed']}
        >
          {value.experiments.map((entry) => (
            <Row key={entry.id} entry={entry} />
          ))}
        </Table>
      )}
      {value !== undefined && <p class="quiet">As of {moment(value.atMs)}.</p>}
    </section>
  );
}
