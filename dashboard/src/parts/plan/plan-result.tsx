import { useState } from 'preact/hooks';
import type { FinishView, MetricView, SliceView } from '../../../../src/http/live/plan-views.js';
import { useBlob } from '../../live/hooks.js';
import { figure, milliseconds } from '../figures.js';
import { Table } from '../table.js';
import { DoseVolumePlot, structureClass } from './dose-volume-plot.js';

function figureOf(metrics: readonly MetricView[], structure: string, name: string) {
  return metrics.find((metric) => metric.structure === structure && metric.name === name)?.value;
}

/** A row a structure, a column a figure; beside each the same of the plan without advice. */
function DoseMetrics(props: {
  readonly finish: FinishView;
  readonly point: (structure: string | null) => void;
}) {
  const { finish, point } = props;
  const { metrics, unadvised, goals } = finish;
  const names = [...new Set(metrics.map(({ name }) => name))];
  const structures = [...new Set(metrics.map(({ structure }) => structure))];
  const unitOf = (name: string) => metrics.find((metric) => metric.name === name)?.unit;
  const head = names.map((name) => (unitOf(name) === 'Gy' ? `${name}, Gy` : name));
  return (
    <Table caption="Dose metrics" head={['structure', 'prescribed, Gy', ...head]}>
      {structures.map((structure) => (
        <tr key={structure} onMouseEnter={() => point(structure)} onMouseLeave={() => point(null)}>
          <th scope="row">
            <span class={`swatch ${structureClass(finish, structure)}`} aria-hidden="true" />
            {structure}
          </th>
          <td>
            {figure(goals.find((goal) => goal.structure === structure)?.prescribedDoseGy ?? null)}
          </td>
          {names.map((name) => {
            const without = figureOf(unadvised?.metrics ?? [], structure, name);
            return (
              <td key={name}>
                {figure(figureOf(metrics, structure, name))}
                {without !== undefined && (
                  <span class="without" title="the same plan without advice">
                    {' '}
                    {figure(without)}
                  </span>
                )}
              </td>
            );
          })}
        </tr>
      ))}
    </Table>
  );
}

function Slice({ sessionId, slice }: { readonly sessionId: string; readonly slice: SliceView }) {
  const { plane, mostGy, widthMm, heightMm } = slice;
  const src = useBlob(`/api/plans/${encodeURIComponent(sessionId)}/slices/${plane}`);
  return (
    <figure class="slice">
      <div class="picture">
        <img
          src={src}
          width={Math.round(widthMm)}
          height={Math.round(heightMm)}
          alt={`Dose in the ${plane} plane through the isocentre, at most ${figure(mostGy)} Gy`}
        />
        <div class="scale" aria-hidden="true">
          <span>{figure(mostGy)} Gy</span>
          <span>0</span>
        </div>
      </div>
      <figcaption>{plane}</figcaption>
    </figure>
  );
}

/** How a plan ended, beside the same plan without advice where the optimizer made it. */
export function PlanResult({ finish }: { readonly finish: FinishView }) {
  const { unadvised } = finish;
  const [chosen, choose] = useState<string | null>(null);
  const rows: readonly (readonly [string, string, string])[] = [
    [
      'reference objective',
      figure(finish.referenceObjective),
      figure(unadvised?.referenceObjective),
    ],
    ['call-equivalents', figure(finish.callEquivalents), figure(unadvised?.callEquivalents)],
    ['iterations', String(finish.iterations), '–'],
    ['optimizing', milliseconds(finish.optimizationMs), '–'],
    ['waiting for advice', milliseconds(finish.adviceWaitMs), '–'],
  ];
  return (
    <section aria-labelledby="result-title" class="result panel">
      <h2 id="result-title">Result</h2>
      <dl class="figures">
        {rows.map(([name, value, without]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value}
              {without !== '–' && <span class="without"> {without} without</span>}
            </dd>
          </div>
        ))}
      </dl>
      {finish.curves.length > 0 ? (
        <>
          <DoseVolumePlot finish={finish} chosen={chosen} />
          <ul class="legend" aria-label="Structures">
            {finish.curves.map(({ structure }) => (
              <li
                key={structure}
                onMouseEnter={() => choose(structure)}
                onMouseLeave={() => choose(null)}
              >
                <span class={`swatch ${structureClass(finish, structure)}`} aria-hidden="true" />
                {structure}
              </li>
            ))}
          </ul>
          <p class="note">
            Solid: this plan.
            {unadvised !== null && ' Dashed, and grey in the table: the same plan without advice.'}{' '}
            Dotted: what is wanted of targets.
          </p>
        </>
      ) : (
        <p class="quiet">The optimizer sent no dose-volume histograms.</p>
      )}
      <DoseMetrics finish={finish} point={choose} />
    </section>
  );
}

/** Dose in planes through the isocentre. */
export function PlanSlices({
  sessionId,
  finish: { slices },
}: {
  readonly sessionId: string;
  readonly finish: FinishView;
}) {
  if (slices.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="dose-title">
      <h2 id="dose-title">Dose</h2>
      <div class="slices">
        {slices.map((slice) => (
          <Slice key={slice.plane} sessionId={sessionId} slice={slice} />
        ))}
      </div>
    </section>
  );
}
