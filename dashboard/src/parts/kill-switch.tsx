import { useEffect, useRef, useState } from 'preact/hooks';
import type { HostStatus } from '../../../src/http/api.js';
import { HostFault, post, wantsToken } from '../live/host-calls.js';
import { hasToken, setToken } from '../live/tokens.js';
import { ChangeDialog, rememberedName } from './change-dialog.js';
import { moment } from './figures.js';

export interface KillSwitchProps {
  readonly status: Pick<HostStatus, 'stop' | 'needsToken' | 'changesOff'>;
  readonly say: (text: string) => void;
}

/** One press and a confirm. Nothing has to be filled in but the token, where the host has one and the page does not know it yet. */
function StopNow(props: {
  readonly needsToken: boolean;
  readonly stopped: () => void;
  readonly close: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const [asksToken, setAsksToken] = useState(props.needsToken && !hasToken());
  const [token, setTyped] = useState('');
  const [fault, setFault] = useState<HostFault>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    if (!asksToken) confirm.current?.focus();
  }, []);
  const stop = async () => {
    if (asksToken) setToken(token);
    setBusy(true);
    setFault(undefined);
    const who = rememberedName();
    try {
      await post('/api/advice/stop', who === '' ? {} : { who });
      props.stopped();
    } catch (thrown) {
      if (!(thrown instanceof HostFault)) throw thrown;
      setFault(thrown);
      if (wantsToken(thrown)) setAsksToken(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="stop-title" onClose={props.close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void stop();
        }}
      >
        <h2 id="stop-title">Stop all advice now?</h2>
        <p>
          From the next question on, every open plan goes on with its optimizer's defaults, to its
          end. New plans get no advice until it is resumed. Who and why are asked afterwards.
        </p>
        {asksToken && (
          <label>
            Operator token
            <input
              name="token"
              type="password"
              required
              autocomplete="off"
              value={token}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
        )}
        {fault !== undefined && (
          <p role="alert" class="fault">
            Advice was not stopped. {fault.message} <code>{fault.code}</code>
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button ref={confirm} type="submit" class="red" disabled={isBusy}>
            Stop all advice
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** As the host has it of a stop that nobody has explained. */
const NOT_SAID = 'not said yet';

type Step = 'stop' | 'explain' | 'resume';

/** Stops all advice, asks afterwards who did and why, or resumes advice. */
export function KillSwitch({ status, say }: KillSwitchProps) {
  // What the operator asked for stays, although the host may say that it is done before it answers.
  const [step, setStep] = useState<Step>();
  const { stop, needsToken, changesOff } = status;
  const close = () => setStep(undefined);
  return (
    <>
      <div class="kill-switch">
        <button
          type="button"
          class={stop === null ? 'red' : 'main'}
          aria-haspopup="dialog"
          disabled={changesOff !== null}
          aria-describedby={changesOff === null ? undefined : 'changes-off'}
          onClick={() => setStep(stop === null ? 'stop' : 'resume')}
        >
          {stop === null ? 'Stop all advice' : 'Resume advice'}
        </button>
      </div>
      {changesOff !== null && (
        <p id="changes-off" class="changes-off">
          {changesOff}
        </p>
      )}
      {stop !== null && (
        <p class="stop-banner" role="alert">
          <strong>All advice is stopped</strong> since {moment(stop.sinceMs)} by {stop.who}:{' '}
          {stop.why}
          {changesOff === null && (
            <button type="button" aria-haspopup="dialog" onClick={() => setStep('explain')}>
              {stop.why === NOT_SAID ? 'Say' : 'Correct'} who and why
            </button>
          )}
        </p>
      )}
      {step === 'stop' && (
        <StopNow needsToken={needsToken} close={close} stopped={() => setStep('explain')} />
      )}
      {step === 'explain' && (
        <ChangeDialog
          needsToken={needsToken}
          close={close}
          title="Advice is stopped. Who stopped it, and why?"
          action="Save"
          cancel="Later"
          apply={async (origin) => {
            await post('/api/advice/stop/reason', origin);
            say('Who stopped advice, and why, is kept.');
          }}
        />
      )}
      {step === 'resume' && (
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
