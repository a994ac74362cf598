import { useState } from 'preact/hooks';
import type {
  ConfigChange,
  GenerationRecord,
  RefusedChange,
} from '../../../src/domain/operations/operations.js';
import type { ConfigurationPanel, HostStatus } from '../../../src/http/api.js';
import { useHost } from '../live/hooks.js';
import { ConfigurationChange } from '../parts/configuration-change.js';
import { Differences } from '../parts/differences.js';
import { moment } from '../parts/figures.js';

const REFRESH_MS = 3000;

interface Asked {
  readonly change: ConfigChange;
  readonly title: string;
}

function Generation(props: {
  readonly record: GenerationRecord;
  readonly current: number;
  readonly ask: (asked: Asked) => void;
  readonly show: (generation: number) => void;
}) {
  const { record, current } = props;
  const { generation } = record;
  return (
    <li class="card" aria-label={`Generation ${generation}`}>
      <h3>
        Generation {generation}
        {generation === current && <span class="badge ok">in force</span>}
      </h3>
      <p>
        <strong>{record.what}</strong> by {record.who} ({record.via}), {moment(record.atMs)}
      </p>
      <p>{record.why}</p>
      <Differences differences={record.differences} />
      <div class="actions">
        <button type="button" onClick={() => props.show(generation)}>
          Show text<span class="hidden"> of generation {generation}</span>
        </button>
        {generation !== current && (
          <button
            type="button"
            aria-haspopup="dialog"
            onClick={() =>
              props.ask({
                change: { kind: 'rollback', generation },
                title: `Roll back to generation ${generation}`,
              })
            }
          >
            Roll back…<span class="hidden"> to generation {generation}</span>
          </button>
        )}
      </div>
    </li>
  );
}

function Refusals({ refusals }: { readonly refusals: readonly RefusedChange[] }) {
  if (refusals.length === 0) return <p class="quiet">None since the host started.</p>;
  return (
    <ul class="plain">
      {refusals.map((refusal) => (
        <li key={`${refusal.atMs} ${refusal.what}`} class="card">
          <p>
            <strong>{refusal.what}</strong> by {refusal.who} ({refusal.via}), {moment(refusal.atMs)}{' '}
            <code>{refusal.code}</code>
          </p>
          <pre class="fault">{refusal.problem}</pre>
        </li>
      ))}
    </ul>
  );
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

/** The configuration in force, how it came to be, and the way back. */
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
  return (
    <section aria-labelledby="configuration-title">
      <h1 id="configuration-title">Configuration</h1>
      <div class="actions">
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
      <FileText generation={shown ?? value.generation} current={value} />
      <h2>Generations</h2>
      <ul class="plain">
        {value.generations.map((record) => (
          <Generation
            key={record.generation}
            record={record}
            current={value.generation}
            ask={setAsked}
            show={setShown}
          />
        ))}
      </ul>
      <h2>Refused changes</h2>
      <Refusals refusals={value.refusals} />
      {asked !== undefined && (
        <ConfigurationChange
          {...asked}
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
