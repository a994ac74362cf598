import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { HostFault, type Origin, wantsToken } from '../live/host-calls.js';
import { hasToken, setToken } from '../live/tokens.js';
import { inOneSentence } from './one-sentence.js';

const NAME_KEY = 'dh-advisor-operator';

/** Who last changed something with this browser; empty when nobody has. */
export function rememberedName(): string {
  return localStorage.getItem(NAME_KEY) ?? '';
}

export interface ChangeDialogProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** What the button that does it says. */
  readonly action: string;
  /** What the button that does nothing says; `Cancel` unless given. */
  readonly cancel?: string;
  readonly isRed?: boolean;
  /** Something has to be said before it can be done. */
  readonly isOff?: boolean;
  readonly needsToken: boolean;
  /** Does it; a rejection is shown and the dialog stays. */
  readonly apply: (origin: Origin) => Promise<void>;
  /** Says what it would do; missing when there is nothing to say. */
  readonly preview?: ((origin: Origin) => Promise<ComponentChildren>) | undefined;
  readonly close: () => void;
}

/** Asks who changes something, and why, before it is changed. */
export function ChangeDialog(props: ChangeDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [who, setWho] = useState(rememberedName());
  const [why, setWhy] = useState('');
  const [asksToken, setAsksToken] = useState(props.needsToken && !hasToken());
  const [token, setTyped] = useState('');
  const [fault, setFault] = useState<HostFault>();
  const [preview, setPreview] = useState<ComponentChildren>();
  const [isBusy, setBusy] = useState(false);

  // The browser keeps the focus inside and gives it back afterwards.
  useEffect(() => dialog.current?.showModal(), []);

  const run = async (job: (origin: Origin) => Promise<void>) => {
    if (dialog.current?.querySelector('form')?.reportValidity() !== true) return;
    if (asksToken) setToken(token);
    localStorage.setItem(NAME_KEY, who);
    setBusy(true);
    setFault(undefined);
    setPreview(undefined);
    try {
      await job({ who, why });
    } catch (thrown) {
      if (!(thrown instanceof HostFault)) throw thrown;
      setFault(thrown);
      if (wantsToken(thrown)) setAsksToken(true);
    } finally {
      setBusy(false);
    }
  };

  const apply = () =>
    run(async (origin) => {
      await props.apply(origin);
      dialog.current?.close();
    });
  const { preview: look } = props;

  return (
    <dialog ref={dialog} aria-labelledby="change-title" onClose={props.close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void apply();
        }}
      >
        <h2 id="change-title">{props.title}</h2>
        {props.children}
        <label>
          Who you are
          <input
            name="who"
            required
            autocomplete="username"
            value={who}
            onInput={(event) => setWho(event.currentTarget.value)}
          />
        </label>
        <label>
          Why
          <textarea
            name="why"
            required
            rows={2}
            value={why}
            onInput={(event) => setWhy(event.currentTarget.value)}
          />
        </label>
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
        <div aria-live="polite">{preview}</div>
        {fault !== undefined && (
          <p role="alert" class="fault">
            Nothing was changed. {inOneSentence(fault.message)} <code>{fault.code}</code>
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            {props.cancel ?? 'Cancel'}
          </button>
          {look !== undefined && (
            <button
              type="button"
              disabled={isBusy}
              onClick={() => void run(async (origin) => setPreview(await look(origin)))}
            >
              Dry run
            </button>
          )}
          <button
            type="submit"
            class={props.isRed ? 'red' : 'main'}
            disabled={isBusy || props.isOff === true}
          >
            {props.action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
