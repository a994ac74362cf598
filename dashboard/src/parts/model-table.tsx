import { useState } from 'preact/hooks';
import type { ModelState } from '../../../src/domain/operations/models.js';
import type { AskedFor } from '../pages/roles.js';
import { milliseconds } from './figures.js';
import { Table } from './table.js';

function LabelForm({ model, ask }: { model: ModelState; ask: (asked: AskedFor) => void }) {
  const [label, setLabel] = useState('');
  const { id, version } = model;
  return (
    <form
      class="label"
      onSubmit={(event) => {
        event.preventDefault();
        const change = { kind: 'label', model: id, label, version } as const;
        ask({ change, title: `Label ${id} ${version} as ${label}` });
      }}
    >
      <input
        required
        size={8}
        value={label}
        placeholder="stable"
        aria-label={`Label for ${id} ${version}`}
        onInput={(event) => setLabel(event.currentTarget.value.trim())}
      />
      <button type="submit" aria-haspopup="dialog">
        Label…
      </button>
    </form>
  );
}

/** Model versions; a label may point at one that is ready or becomes so. */
export function ModelTable(props: {
  readonly models: readonly ModelState[];
  readonly ask: (asked: AskedFor) => void;
}) {
  const head = ['model', 'version', 'state', 'labels', 'runs', 'takes', 'set a label'];
  return (
    <Table caption="Model versions" head={head}>
      {props.models.map((model) => (
        <tr key={`${model.id}/${model.version}`}>
          <th scope="row">{model.id}</th>
          <td>{model.version}</td>
          <td>
            <span class={`badge ${model.state}`}>{model.state}</span>
            {model.reason !== '' && <span class="reason">{model.reason}</span>}
          </td>
          <td>{model.labels.join(', ') || '–'}</td>
          <td>{model.placement ?? '–'}</td>
          <td>{milliseconds(model.costMs)}</td>
          <td>
            <LabelForm model={model} ask={props.ask} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
