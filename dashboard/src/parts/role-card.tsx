import { useState } from 'preact/hooks';
import type { ModelState } from '../../../src/domain/operations/models.js';
import type { PluginState } from '../../../src/domain/operations/role-board.js';
import type { RolePanel } from '../../../src/http/api.js';
import type { AskedFor } from '../pages/roles.js';
import { figure, share } from './figures.js';

export interface RoleCardProps {
  readonly role: RolePanel;
  /** What plans of single solvers get in place of it. */
  readonly bySolver: readonly RolePanel[];
  readonly plugins: readonly PluginState[];
  readonly models: readonly ModelState[];
  readonly ask: (asked: AskedFor) => void;
}

/** What serves a role, and how it is. */
function Served({ role }: { readonly role: RolePanel }) {
  return (
    <p>
      {role.solver !== null && <span class="quiet">plans of {role.solver}: </span>}
      {role.plugin === '' ? 'off' : `${role.plugin} ${role.pluginVersion}`}
      {role.model !== '' && <span class="quiet"> with {role.model}</span>}
      {role.solver !== null && <span class={`badge ${role.health}`}> {role.health}</span>}
      {role.breaker !== 'closed' && <span class="badge failing"> breaker {role.breaker}</span>}
    </p>
  );
}

function Rates({ role: { outcomes, latency } }: { readonly role: RolePanel }) {
  const total = outcomes.reduce((sum, { count }) => sum + count, 0);
  return (
    <dl class="figures">
      <div>
        <dt>p50</dt>
        <dd>{latency === null ? '–' : `${figure(latency.p50Ms)} ms`}</dd>
      </div>
      <div>
        <dt>p99</dt>
        <dd>{latency === null ? '–' : `${figure(latency.p99Ms)} ms`}</dd>
      </div>
      {outcomes.map(({ outcome, count }) => (
        <div key={outcome}>
          <dt>{outcome}</dt>
          <dd>{share(count, total)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Chooses another plugin for the role, and a model when the plugin has one. */
function UseForm({ role, plugins, models, ask }: RoleCardProps) {
  const mine = plugins.filter((plugin) => plugin.role === role.role && plugin.state !== 'refused');
  const [plugin, setPlugin] = useState('');
  const [model, setModel] = useState('');
  const chosen = plugin || role.plugin || mine[0]?.id || '';
  const list = `models-${role.role}`;
  return (
    <form
      class="use"
      onSubmit={(event) => {
        event.preventDefault();
        const use = { kind: 'use', role: role.role, plugin: chosen } as const;
        const title = `Use ${chosen}${model && ` with ${model}`} for ${role.role}`;
        ask({ change: { ...use, pluginVersion: undefined, model: model || undefined }, title });
      }}
    >
      <label>
        Plugin
        <select value={chosen} onChange={(event) => setPlugin(event.currentTarget.value)}>
          {mine.map(({ id, version }) => (
            <option key={id} value={id}>
              {id} {version}
            </option>
          ))}
        </select>
      </label>
      <label>
        Model, if not its own
        <input
          list={list}
          value={model}
          placeholder="name@version or @label"
          onInput={(event) => setModel(event.currentTarget.value.trim())}
        />
      </label>
      <datalist id={list}>
        {models.map(({ id, version }) => (
          <option key={`${id}@${version}`} value={`${id}@${version}`} />
        ))}
      </datalist>
      <button type="submit" aria-haspopup="dialog" disabled={chosen === ''}>
        Use…<span class="hidden"> for {role.role}</span>
      </button>
    </form>
  );
}

/** One role with its figures and switches. */
export function RoleCard(props: RoleCardProps) {
  const { role, bySolver, ask } = props;
  const isOff = role.plugin === '';
  const kind = isOff ? 'enable' : 'disable';
  const word = isOff ? 'Switch on' : 'Switch off';
  return (
    <article class="card" aria-label={`Role ${role.role}`}>
      <h3>
        {role.role} <span class={`badge ${role.health}`}>{role.health}</span>
      </h3>
      <Served role={role} />
      <Rates role={role} />
      {bySolver.map((served) => (
        <Served key={served.solver} role={served} />
      ))}
      <UseForm {...props} />
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => ask({ change: { kind, role: role.role }, title: `${word} ${role.role}` })}
      >
        {word}…<span class="hidden"> {role.role}</span>
      </button>
    </article>
  );
}
