import { useState } from 'preact/hooks';
import type { ConfigChange } from '../../../src/domain/operations/operations.js';
import type { ConfigurationPanel, HostStatus } from '../../../src/http/api.js';
import { useHost } from '../live/hooks.js';
import { ConfigurationChange } from '../parts/configuration-change.js';
import { Compare, History, Refusals } from '../parts/history.js';

const REFRESH_MS = 3000;

interface Asked {
  readonly change: ConfigChange;
  readonly title: string;
}

function FileText({ generation, current }: { generation: number; current: ConfigurationPanel }) {
  const isCurrent = generation === current.generation;
  const { value, fault } = useHost<{ text: string }>(
    `/api/configuration/${generation}`,
    generation,
  );
  const text = isCurrent ? current.text : value?.text;
  const title = `Text of generation ${generation}${isCurrent ? ', in force' : ''}`;
  return (
    <>
      <h2 id="text-title">{title}</h2>
      {fault !== undefined && !isCurrent && <p role="alert">{fault.message}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="file" tabIndex={0} aria-labelledby="text-title">
        <pre>{text ?? 'The text is not kept.'}</pre>
      </section>
    </>
  );
}

/** How the configuration came to be, the way back, what was refused, and the text. */
export function ConfigurationPage(props: { status: HostStatus; say: (text: string) => void }) {
  const { status, say } = props;
  const { value, again } = useHost<ConfigurationPanel>(
    '/api/configuration',
    status.generation,
    REFRESH_MS,
  );
  const [asked, setAsked] = useState<Asked>();
  const [shown, setShown] = useState<number>();
  if (value === undefined) return <p>Reading…</p>;
  const rollBack = (generation: number) =>
    setAsked({
      change: { kind: 'rollback', generation },
      title: `Roll back to generation ${generation}`,
    });
  return (
    <section aria-labelledby="configuration-title">
      <div class="toolbar">
        <h1 id="configuration-title">Configuration</h1>
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => setAsked({ change: { kind: 'reload' }, title: 'Read the file again' })}
        >
          Read the file again…
        </button>
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() =>
            setAsked({
              change: { kind: 'rollback', generation: undefined },
              title: 'Undo the last change',
            })
          }
        >
          Undo the last change…
        </button>
      </div>
      <History
        generations={value.generations}
        current={value.generation}
        rollBack={rollBack}
        show={setShown}
      />
      <Compare generations={value.generations.map(({ generation }) => generation)} />
      <h2>Refused changes</h2>
      <Refusals refusals={value.refusals} />
      <FileText generation={shown ?? value.generation} current={value} />
      {asked !== undefined && (
        <ConfigurationChange
          {...asked}
          action={asked.title}
          status={status}
          close={() => {
            setAsked(undefined);
            again();
          }}
          done={(text) => {
            say(text);
            setShown(undefined);
          }}
        />
      )}
    </section>
  );
}
