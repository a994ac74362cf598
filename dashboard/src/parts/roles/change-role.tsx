import { useState } from 'preact/hooks';
import type { ModelState } from '../../../../src/domain/operations/models.js';
import type { ConfigChange } from '../../../../src/domain/operations/operations.js';
import type { PluginState } from '../../../../src/domain/operations/role-board.js';
import type { HostStatus, RolePanel } from '../../../../src/http/api.js';
import { ConfigurationChange } from '../configuration-change.js';
import { QUESTIONS } from './role-table.js';

/** Nothing serves the role. */
const OFF = '';
/** What served it before it was switched off, with its settings. */
const AS_BEFORE = '(as before)';

interface Choice {
  readonly value: string;
  readonly text: string;
}

function modelChoices(models: readonly ModelState[]): readonly Choice[] {
  const usable = models.filter(({ state }) => state !== 'refused');
  const labels = usable.flatMap(({ id, version, labels: names }) =>
    names.map((name) => ({ value: `${id}@${name}`, text: `${id}@${name}, now ${version}` })),
  );
  const versions = usable.map(({ id, version }) => {
    return { value: `${id}@${version}`, text: `${id}@${version}` };
  });
  return [...labels, ...versions];
}

/** One dialog for all that can be changed of a role: off, on, another plugin, another model. */
export function ChangeRole(props: {
  readonly panel: RolePanel;
  readonly plugins: readonly PluginState[];
  readonly models: readonly ModelState[];
  readonly status: HostStatus;
  readonly done: (text: string) => void;
  readonly close: () => void;
}) {
  const { panel, plugins, models, status, done, close } = props;
  const { role } = panel;
  const isOff = panel.plugin === '';
  const mine = plugins.filter((plugin) => plugin.role === role && plugin.state !== 'refused');
  const [plugin, setPlugin] = useState(isOff ? AS_BEFORE : panel.plugin);
  const [model, setModel] = useState('');
  const chosen = mine.find(({ id }) => id === plugin);
  const takesModel = chosen !== undefined;
  const change: ConfigChange =
    plugin === OFF
      ? { kind: 'disable', role }
      : plugin === AS_BEFORE
        ? { kind: 'enable', role }
        : { kind: 'use', role, plugin, pluginVersion: undefined, model: model || undefined };
  const action =
    plugin === OFF
      ? `Switch off ${role}`
      : plugin === AS_BEFORE
        ? `Switch on ${role}`
        : `Use ${plugin}${model && ` with ${model}`}`;
  return (
    <ConfigurationChange
      title={`Change ${role}`}
      action={action}
      change={change}
      status={status}
      done={done}
      close={close}
    >
      <p>{QUESTIONS[role]}</p>
      <label>
        Plugin
        <select value={plugin} onChange={(event) => setPlugin(event.currentTarget.value)}>
          {isOff && <option value={AS_BEFORE}>as before it was switched off</option>}
          {!isOff && <option value={OFF}>off</option>}
          {mine.map(({ id, version, stability }) => (
            <option key={id} value={id}>
              {id} {version}
              {stability !== 'stable' && ` (${stability})`}
            </option>
          ))}
        </select>
      </label>
      {chosen?.description !== undefined && <p class="quiet">{chosen.description}</p>}
      {takesModel && (
        <label>
          Model
          <select value={model} onChange={(event) => setModel(event.currentTarget.value)}>
            <option value="">its own, or none</option>
            {modelChoices(models).map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      )}
    </ConfigurationChange>
  );
}
