import { useState } from 'preact/hooks';
import type { ModelState } from '../../../../src/domain/operations/models.js';
import type { HostStatus } from '../../../../src/http/api.js';
import { ConfigurationChange } from '../configuration-change.js';
import { milliseconds } from '../figures.js';
import { Table } from '../table.js';

/** As docs/model-format.md has them; others that are in use are offered, too. */
const LABELS = ['stable', 'canary', 'shadow'];

/** A label of a model is pointed at another version. */
export function ChangeLabel(props: {
  readonly model: string;
  readonly models: readonly ModelState[];
  readonly status: HostStatus;
  readonly done: (text: string) => void;
  readonly close: () => void;
}) {
  const { model, models, status, done, close } = props;
  const versions = models.filter(({ id }) => id === model);
  const labels = [...new Set([...LABELS, ...versions.flatMap((version) => version.labels)])];
  const [label, setLabel] = useState('stable');
  const [version, setVersion] = useState(versions[0]?.version ?? '');
  return (
    <ConfigurationChange
      title={`Change labels of ${model}`}
      action={`Point ${label} at ${version}`}
      change={{ kind: 'label', model, label, version }}
      status={status}
      done={done}
      close={close}
    >
      <label>
        Label
        <select value={label} onChange={(event) => setLabel(event.currentTarget.value)}>
          {labels.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Version
        <select value={version} onChange={(event) => setVersion(event.currentTarget.value)}>
          {versions.map(({ version: name, state }) => (
            <option key={name} value={name}>
              {name} ({state})
            </option>
          ))}
        </select>
      </label>
    </ConfigurationChange>
  );
}

/** Models by name, each version with its state and labels. */
export function ModelTable(props: {
  readonly models: readonly ModelState[];
  readonly change: (model: string) => void;
}) {
  const { models, change } = props;
  const names = [...new Set(models.map(({ id }) => id))];
  const head = ['model', 'version', 'labels', 'state', 'what its card claims', 'runs', 'takes', ''];
  return (
    <Table caption="Models" head={head}>
      {names.flatMap((name) => {
        const versions = models.filter(({ id }) => id === name);
        return versions.map(({ version, labels, state, reason, placement, costMs, claim }, k) => (
          <tr key={`${name} ${version}`}>
            {k === 0 && (
              <th scope="rowgroup" rowSpan={versions.length}>
                {name}
              </th>
            )}
            <td class="inner">{version}</td>
            <td>
              {labels.map((label) => (
                <span key={label} class="chip">
                  {label}
                </span>
              ))}
              {labels.length === 0 && '–'}
            </td>
            <td>
              <span class={`badge ${state}`}>{state}</span>
              {reason !== '' && <span class="reason">{reason}</span>}
            </td>
            <td class="claimed">{claim || '–'}</td>
            <td>{placement ?? '–'}</td>
            <td>{milliseconds(costMs)}</td>
            {k === 0 && (
              <td rowSpan={versions.length}>
                <button type="button" aria-haspopup="dialog" onClick={() => change(name)}>
                  Labels…<span class="hidden"> of {name}</span>
                </button>
              </td>
            )}
          </tr>
        ));
      })}
    </Table>
  );
}
