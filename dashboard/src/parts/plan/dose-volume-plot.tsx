import type { DoseVolumeView, FinishView } from '../../../../src/http/live/plan-views.js';
import { useWidth } from '../../live/use-width.js';

const HEIGHT = 320;
const LEFT = 40;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 36;
const COLOURS = 10;

/** Of a structure, as a class of the style sheet; repeated beyond ten. */
export function structureClass({ curves, goals }: FinishView, structure: string): string {
  const inOrder = curves.length > 0 ? curves : goals;
  const at = inOrder.findIndex((curve) => curve.structure === structure);
  return `s${Math.max(at, 0) % COLOURS}`;
}

/** About six round steps up to the highest dose. */
function doseTicks(mostGy: number): readonly number[] {
  const rough = mostGy / 6;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * decade).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor(mostGy / step) + 1 }, (_, k) => k * step);
}

/** Dose-volume histograms: solid the plan, dashed the same plan without advice, dotted what is wanted of targets. */
export function DoseVolumePlot(props: {
  readonly finish: FinishView;
  /** The structure that is pointed at; the others step back. */
  readonly chosen: string | null;
}) {
  const { finish, chosen } = props;
  const [place, width] = useWidth<HTMLDivElement>();
  const { curves, unadvised, goals } = finish;
  const others = unadvised?.curves ?? [];
  const mostGy = Math.max(1, ...[...curves, ...others].map(({ dosesGy }) => dosesGy.at(-1) ?? 0));
  const x = (doseGy: number) =>
    LEFT + (Math.min(doseGy, mostGy) / mostGy) * Math.max(width - LEFT - RIGHT, 1);
  const y = (fraction: number) => TOP + (1 - fraction) * (HEIGHT - TOP - BOTTOM);
  const path = ({ dosesGy, volumeFractions }: DoseVolumeView) =>
    dosesGy
      .map((doseGy, k) => {
        return `${k === 0 ? 'M' : 'L'}${x(doseGy).toFixed(1)} ${y(volumeFractions[k] ?? 0).toFixed(1)}`;
      })
      .join('');
  const drawn = (kind: string, list: readonly DoseVolumeView[]) =>
    list.map((curve) => {
      const isFaint = chosen !== null && chosen !== curve.structure;
      const names = [kind, structureClass(finish, curve.structure), isFaint ? 'faint' : ''];
      return <path key={`${kind} ${curve.structure}`} class={names.join(' ')} d={path(curve)} />;
    });
  const targets = goals.filter(({ structureRole }) => structureRole === 'target');
  const count = `Dose-volume histograms of ${curves.length} structures`;
  return (
    <div ref={place} class="dvh">
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={unadvised === null ? count : `${count}, with and without advice`}
      >
        {[0, 0.25, 0.5, 0.75, 1].map((fraction) => (
          <g key={fraction}>
            <line class="grid" x1={LEFT} x2={width - RIGHT} y1={y(fraction)} y2={y(fraction)} />
            <text x={LEFT - 6} y={y(fraction) + 4} text-anchor="end">
              {100 * fraction}
            </text>
          </g>
        ))}
        {doseTicks(mostGy).map((doseGy) => (
          <text key={doseGy} x={x(doseGy)} y={HEIGHT - BOTTOM + 16} text-anchor="middle">
            {Number(doseGy.toPrecision(3))}
          </text>
        ))}
        <text x={(LEFT + width - RIGHT) / 2} y={HEIGHT - 4} text-anchor="middle">
          dose, Gy
        </text>
        <text x={12} y={TOP + 10} transform={`rotate(-90 12 ${TOP + 10})`} text-anchor="end">
          volume, %
        </text>
        {drawn('goal', targets)}
        {drawn('unadvised', others)}
        {drawn('advised', curves)}
      </svg>
    </div>
  );
}
