import { useState } from 'preact/hooks';
import type {
  GenerationRecord,
  RefusedChange,
  SettingDifference,
} from '../../../src/domain/operations/operations.js';
import { useHost } from '../live/hooks.js';
import { Differences } from './differences.js';
import { moment } from './figures.js';
import { inOneSentence } from './one-sentence.js';
import { Table } from './table.js';

/** Differences that a line of the table still says itself. */
const FEW = 2;

/** A line a generation, the newest first. */
export function History(props: {
  readonly generations: readonly GenerationRecord[];
  readonly current: number;
  readonly rollBack: (generation: number) => void;
  readonly show: (generation: number) => void;
}) {
  const { generations, current, rollBack, show } = props;
  return (
    <Table caption="History" head={['generation', 'when', 'what and why', 'by', 'differences', '']}>
      {generations.map(({ generation, atMs, what, why, who, via, differences }) => (
        <tr key={generation} aria-label={`Generation ${generation}`}>
          <th scope="row">
            {generation}
            {generation === current && <span class="badge ok">in force</span>}
          </th>
          <td>{moment(atMs)}</td>
          <td class="detail">
            {what}
            <span class="sub claim">{why}</span>
          </td>
          <td>
            {who} <span class="quiet">({via})</span>
          </td>
          <td class="detail">
            {differences.length <= FEW ? (
              <Differences differences={differences} />
            ) : (
              <details>
                <summary>{differences.length} settings</summary>
                <Differences differences={differences} />
              </details>
            )}
          </td>
          <td class="row-actions">
            <button type="button" onClick={() => show(generation)}>
              Text<span class="hidden"> of generation {generation}</span>
            </button>
            {generation !== current && (
              <button type="button" aria-haspopup="dialog" onClick={() => rollBack(generation)}>
                Roll back…<span class="hidden"> to generation {generation}</span>
              </button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Choice(props: {
  readonly name: string;
  readonly value: number;
  readonly generations: readonly number[];
  readonly choose: (generation: number) => void;
}) {
  const { name, value, generations, choose } = props;
  return (
    <select
      aria-label={name}
      value={String(value)}
      onChange={(event) => choose(Number(event.currentTarget.value))}
    >
      {generations.map((generation) => (
        <option key={generation} value={String(generation)}>
          generation {generation}
        </option>
      ))}
    </select>
  );
}

/** What any generation means differently from any other. */
export function Compare({ generations }: { readonly generations: readonly number[] }) {
  const [newest = 0, previous = newest] = generations;
  const [from, setFrom] = useState<number>();
  const [until, setUntil] = useState<number>();
  const [before, after] = [from ?? previous, until ?? newest];
  const path = `/api/configuration/diff?from=${before}&to=${after}`;
  const { value, fault } = useHost<{ differences: readonly SettingDifference[] }>(path, path);
  if (generations.length < 2) return null;
  return (
    <section aria-labelledby="compare-title">
      <h2 id="compare-title">Compare</h2>
      <div class="toolbar">
        <Choice name="From" value={before} generations={generations} choose={setFrom} />
        with
        <Choice name="With" value={after} generations={generations} choose={setUntil} />
      </div>
      {fault !== undefined && (
        <p role="alert" class="fault">
          {fault.message}
        </p>
      )}
      {value !== undefined && <Differences differences={value.differences} />}
    </section>
  );
}

/** Changes that were refused, each in one sentence; all of it on demand. */
export function Refusals({ refusals }: { readonly refusals: readonly RefusedChange[] }) {
  if (refusals.length === 0) return <p class="quiet">None since the host started.</p>;
  return (
    <ul class="plain">
      {refusals.map(({ atMs, what, who, via, code, problem }) => (
        <li key={`${atMs} ${what}`} class="refusal">
          <strong>{what}</strong> by {who} ({via}), {moment(atMs)}
          <p>{inOneSentence(problem)}</p>
          <details>
            <summary>
              All of it <code>{code}</code>
            </summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <pre class="fault" tabIndex={0}>
              {problem}
            </pre>
          </details>
        </li>
      ))}
    </ul>
  );
}
