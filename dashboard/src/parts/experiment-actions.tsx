import { useState } from 'preact/hooks';
import type { PromotionReport } from '../../../src/domain/experiments/experiment-control.js';
import type { ExperimentPanel, PanelAction } from '../../../src/experiments/report/panel.js';
import type { HostStatus } from '../../../src/http/api.js';
import { type Origin, post } from '../live/host-calls.js';
import { ChangeDialog } from './change-dialog.js';

interface ActionProps {
  readonly panel: ExperimentPanel;
  readonly status: HostStatus;
  readonly say: (text: string) => void;
  /** Something has changed: read again. */
  readonly done: () => void;
}

/** What would move, and against what decision. */
function Moves({ report }: { readonly report: PromotionReport }) {
  const { moves, decision, isOverridden } = report;
  return (
    <section class="dry-run" aria-label="Dry run">
      <h3>It would change</h3>
      <ul>
        {moves.map(({ model, label, version }) => (
          <li key={`${model} ${label}`}>
            <code>
              {model}@{label}
            </code>{' '}
            becomes version <strong>{version}</strong>
          </li>
        ))}
      </ul>
      <p>
        The analysis decides <strong>{decision.kind}</strong>: {decision.reason}
        {decision.kind !== 'promote' && !isOverridden && ' The promotion would be refused.'}
      </p>
    </section>
  );
}

/** Promotes an arm; against the decision of the analysis only when that is said. */
function Promote(props: ActionProps & { readonly arm: PanelAction; readonly close: () => void }) {
  const { panel, status, say, done, arm: action, close } = props;
  const { id } = panel.entry;
  const { arm, kind, reason } = action;
  const [isOverride, setOverride] = useState(false);
  const isDecided = kind === 'promote';
  const ask = (origin: Origin, dryRun: boolean) => {
    const { who, why } = origin;
    const asked = { who, why, arm, dryRun, override: isOverride };
    return post<PromotionReport>(`/api/experiments/${encodeURIComponent(id)}/promote`, asked);
  };
  return (
    <ChangeDialog
      title={`Promote ${arm}`}
      action={isOverride ? 'Promote against the decision' : `Promote ${arm}`}
      isRed={isOverride}
      isOff={!isDecided && !isOverride}
      needsToken={status.needsToken}
      close={close}
      preview={async (origin) => <Moves report={await ask(origin, true)} />}
      apply={async (origin) => {
        const report = await ask(origin, false);
        say(`${arm} is promoted: ${report.reason}.`);
        done();
      }}
    >
      <p>
        Points the label at the models of this arm, in this host's configuration, and ends the
        experiment.
      </p>
      <p class={`decision ${kind}`}>
        The analysis decides <strong>{kind}</strong> for {arm}: {reason}
      </p>
      {!isDecided && (
        <label class="check">
          <input
            type="checkbox"
            checked={isOverride}
            onChange={(event) => setOverride(event.currentTarget.checked)}
          />
          Promote it all the same. The decision is kept with the reason.
        </label>
      )}
    </ChangeDialog>
  );
}

function Release({ panel, status, say, done, close }: ActionProps & { close: () => void }) {
  const { id, reason } = panel.entry;
  return (
    <ChangeDialog
      title={`Release ${id}`}
      action="Release"
      needsToken={status.needsToken}
      close={close}
      apply={async ({ who, why }) => {
        await post(`/api/experiments/${encodeURIComponent(id)}/release`, { who, why });
        say(`${id} goes on.`);
        done();
      }}
    >
      <p>It is held: {reason}. The next analysis may hold it again.</p>
    </ChangeDialog>
  );
}

/** What operators do to an experiment: promote an arm, or let a held one go on. */
export function ExperimentActions(props: ActionProps) {
  const { panel, status } = props;
  const { entry, armDecisions } = panel;
  const [asked, setAsked] = useState<PanelAction | 'release'>();
  const close = () => setAsked(undefined);
  if (['ended', 'promoted'].includes(entry.state) || status.changesOff !== null) return null;
  // An arm that has no analysis yet can be promoted against it, too.
  const arms = entry.arms
    .filter(({ id }) => id !== entry.control)
    .map(
      ({ id }): PanelAction =>
        armDecisions.find(({ arm }) => arm === id) ??
        (panel.decision.arm === id
          ? panel.decision
          : { kind: 'continue', arm: id, reason: 'it has not been analysed yet.' }),
    );
  return (
    <div class="actions">
      {arms.map((action) => (
        <button
          key={action.arm}
          type="button"
          aria-haspopup="dialog"
          class={action.kind === 'promote' ? 'main' : ''}
          onClick={() => setAsked(action)}
        >
          Promote {action.arm}…
        </button>
      ))}
      {entry.state === 'held' && (
        <button type="button" aria-haspopup="dialog" onClick={() => setAsked('release')}>
          Release…
        </button>
      )}
      {asked === 'release' && <Release {...props} close={close} />}
      {asked !== undefined && asked !== 'release' && (
        <Promote {...props} arm={asked} close={close} />
      )}
    </div>
  );
}
