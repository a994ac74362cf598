import { useState } from 'preact/hooks';
import type { HostStatus } from '../../../src/http/api.js';
import { post } from '../live/host-calls.js';
import { ChangeDialog } from './change-dialog.js';
import { moment } from './figures.js';

export interface KillSwitchProps {
  readonly status: HostStatus;
  readonly say: (text: string) => void;
}

/** Stops all advice, or lets it flow again. */
export function KillSwitch({ status, say }: KillSwitchProps) {
  // What the operator asked for stays, although the host may say that it is done before it answers.
  const [asked, setAsked] = useState<'stop' | 'resume'>();
  const { stop, needsToken, changesOff } = status;
  const close = () => setAsked(undefined);
  return (
    <>
      <button
        type="button"
        class={stop === null ? 'red' : 'main'}
        aria-haspopup="dialog"
        disabled={changesOff !== null}
        title={changesOff ?? ''}
        onClick={() => setAsked(stop === null ? 'stop' : 'resume')}
      >
        {stop === null ? 'Stop all advice' : 'Resume advice'}
      </button>
      {changesOff !== null && <p class="changes-off">{changesOff}</p>}
      {asked === 'stop' && (
        <ChangeDialog
          needsToken={needsToken}
          close={close}
          title="Stop all advice?"
          action="Stop all advice"
          isRed
          apply={async (origin) => {
            await post('/api/advice/stop', origin);
            say('Advice is stopped for all plans.');
          }}
        >
          <p>
            From the next question on, every role of every open plan answers without a value and the
            optimizers go on with their defaults. Open plans stay without advice when it is resumed.
          </p>
        </ChangeDialog>
      )}
      {asked === 'resume' && (
        <ChangeDialog
          needsToken={needsToken}
          close={close}
          title="Resume advice?"
          action="Resume advice"
          apply={async (origin) => {
            await post('/api/advice/resume', origin);
            say('Plans that open from now on get advice again.');
          }}
        >
          <p>Plans that open from now on get advice. Those that are open now stay without.</p>
        </ChangeDialog>
      )}
    </>
  );
}

/** Says on every page that advice is stopped. */
export function StopBanner({ status }: { readonly status: HostStatus }) {
  const { stop } = status;
  if (stop === null) return null;
  return (
    <p class="stop-banner" role="alert">
      <strong>All advice is stopped</strong> since {moment(stop.sinceMs)} by {stop.who}: {stop.why}
    </p>
  );
}
