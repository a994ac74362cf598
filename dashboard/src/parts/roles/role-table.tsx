import type { PluginState } from '../../../../src/domain/operations/role-board.js';
import type { RolePanel } from '../../../../src/http/api.js';
import type { Role } from '../../../../src/plugin-sdk/index.js';
import { milliseconds, share } from '../figures.js';
import { Table } from '../table.js';

/** The question of a role, as an operator would put it. */
export const QUESTIONS: Readonly<Record<Role, string>> = {
  initialization: 'Where does the plan start?',
  'histogram-sigma': 'How sharply are the dose goals of each structure drawn?',
  'pyramid-sigma': 'Which levels are visited, and how sharply?',
  'adaptive-variance': 'How much may each beamlet spread?',
  'step-direction': 'Which way does the next step go?',
  'early-stopping': 'Where will the stage end, and is it worth going on?',
};

const GIVEN = ['applied', 'clamped'];

/** Answered, nothing to say, held back: shares of what was asked since the host started. */
function answers({ outcomes }: RolePanel): readonly [string, string, string] {
  const sum = (isWanted: (outcome: string) => boolean) =>
    outcomes.reduce((total, { outcome, count }) => total + (isWanted(outcome) ? count : 0), 0);
  const asked = sum((outcome) => outcome !== 'disabled');
  const given = sum((outcome) => GIVEN.includes(outcome));
  const nothing = sum((outcome) => outcome === 'default');
  return [share(given, asked), share(nothing, asked), share(asked - given - nothing, asked)];
}

function Served({ panel }: { readonly panel: RolePanel }) {
  const { plugin, pluginVersion, model } = panel;
  if (plugin === '') return <>off</>;
  return (
    <>
      {plugin} {pluginVersion}
      {model !== '' && <span class="sub">{model}</span>}
    </>
  );
}

function Row(props: {
  readonly panel: RolePanel;
  readonly plugins: readonly PluginState[];
  readonly change: (panel: RolePanel) => void;
}) {
  const { panel, plugins, change } = props;
  const { role, solver, plugin, health, why, breaker, latency, deadlineMs } = panel;
  const described = plugins.find(({ id }) => id === plugin)?.description ?? '';
  const [given, nothing, held] = answers(panel);
  return (
    <tr>
      <th scope="row">
        {solver === null ? role : <span class="by-solver">plans of {solver}</span>}
        <span class="sub claim">{solver === null ? QUESTIONS[role] : role}</span>
      </th>
      <td>
        <Served panel={panel} />
        {described !== '' && <span class="sub claim">{described}</span>}
      </td>
      <td>
        <span class={`badge ${health}`} title={why}>
          {health}
        </span>
        {breaker !== 'closed' && <span class="sub">breaker {breaker}</span>}
        {why !== '' && <span class="sub claim">{why}</span>}
      </td>
      <td class="figure">{milliseconds(latency?.p50Ms)}</td>
      <td class="figure">
        {milliseconds(latency?.p99Ms)}
        <span class="sub">of {milliseconds(deadlineMs)}</span>
      </td>
      <td>{given}</td>
      <td>{nothing}</td>
      <td>{held}</td>
      <td>
        {solver === null && (
          <button type="button" aria-haspopup="dialog" onClick={() => change(panel)}>
            Change…<span class="hidden"> {role}</span>
          </button>
        )}
      </td>
    </tr>
  );
}

/** Who answers each question, how well, and one way to change it. */
export function RoleTable(props: {
  readonly roles: readonly RolePanel[];
  readonly plugins: readonly PluginState[];
  readonly change: (panel: RolePanel) => void;
}) {
  const head = ['role', 'served by', 'health', 'p50', 'p99'];
  return (
    <Table caption="Roles" head={[...head, 'answered', 'nothing to say', 'held back', '']}>
      {props.roles.map((panel) => (
        <Row
          key={`${panel.role} ${panel.solver}`}
          panel={panel}
          plugins={props.plugins}
          change={props.change}
        />
      ))}
    </Table>
  );
}
