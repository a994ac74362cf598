import type { LivePlanView } from '../../../../src/http/live/plan-views.js';
import { figure, milliseconds } from '../figures.js';
import { Table } from '../table.js';

export function Stages({ view }: { readonly view: LivePlanView }) {
  const head = ['stage', 'level', 'beamlets', 'iterations', 'objective', 'ended by', 'took'];
  return (
    <Table caption="Stages" head={head}>
      {view.stages.map((stage) => (
        <tr key={stage.stage}>
          <th scope="row">{stage.stage}</th>
          <td>{stage.name}</td>
          <td>{stage.beamletCount}</td>
          <td>{stage.iterations}</td>
          <td>
            {figure(stage.startObjective)} → {figure(stage.objective)}
          </td>
          <td>{stage.ended ?? 'running'}</td>
          <td>{milliseconds(stage.elapsedMs)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** What each role said, and what became of it. */
export function RolesOfPlan({ view }: { readonly view: LivePlanView }) {
  const words = (counts: LivePlanView['roles'][number]['outcomes']) =>
    counts.map(({ word, count }) => `${word} ${count}`).join(', ') || '–';
  const head = ['role', 'served by', 'answered', 'nothing to say', 'held back', 'used', 'not used'];
  return (
    <Table caption="Advice" head={[...head, 'in detail']}>
      {view.roles.map((role) => (
        <tr key={role.role}>
          <th scope="row">{role.role}</th>
          <td>
            {role.plugin === '' ? 'off' : `${role.plugin} ${role.pluginVersion}`}
            {role.model !== '' && <span class="sub">{role.model}</span>}
          </td>
          <td>{role.answered}</td>
          <td>{role.nothingToSay}</td>
          <td>{role.heldBack}</td>
          <td>{role.used}</td>
          <td>
            {role.notUsed}
            {view.adviceMode === 'shadow' && role.notUsed > 0 && ' (shadow)'}
          </td>
          <td class="detail">
            {words(role.outcomes)}
            {role.verdicts.length > 0 && <span class="sub">optimizer: {words(role.verdicts)}</span>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function PlanLog({ view }: { readonly view: LivePlanView }) {
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

/** Where the advice came from, and how to look at it again. */
export function Provenance({
  view,
  version,
}: {
  readonly view: LivePlanView;
  readonly version: string;
}) {
  const { sessionId, client, generation, arm, quality, recordedIn, journalSha256 } = view;
  const models = view.roles.filter(({ model }) => model !== '');
  const entries: readonly (readonly [string, string])[] = [
    ['host', `dh-advisor ${version}`],
    ['client', client],
    ['session', sessionId],
    ['generation', String(generation)],
    ['quality', quality],
    ['experiment arm', arm || 'none'],
  ];
  return (
    <section class="panel" aria-labelledby="provenance-title">
      <h2 id="provenance-title">Provenance</h2>
      <dl class="figures">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {models.length > 0 && (
        <Table caption="Models" head={['role', 'model', 'SHA-256']}>
          {models.map(({ role, model, modelSha256 }) => (
            <tr key={role}>
              <th scope="row">{role}</th>
              <td>{model}</td>
              <td>
                <code class="hash">{modelSha256}</code>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {journalSha256 !== '' && (
        <p>
          Its journal is as it was written when this says so:{' '}
          <code>
            dh-advisor verify {sessionId} --head <span class="hash">{journalSha256}</span>
          </code>
        </p>
      )}
      {recordedIn === null ? (
        <p class="quiet">This plan is not recorded.</p>
      ) : (
        <p>
          Recorded. Once it has ended: <code>dh-advisor trajectory show {recordedIn}</code>, and
          once more through the host with <code>dh-advisor replay {recordedIn}</code>
        </p>
      )}
    </section>
  );
}
