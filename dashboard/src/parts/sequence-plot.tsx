import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import type { SequencePanel } from '../../../src/experiments/report/panel.js';
import { figure } from './figures.js';
import { colour, mountPlot, plotAxis } from './plot.js';

const HEIGHT = 180;

/** An effect as people read it: ratios in percent. */
function words({ isRatio }: SequencePanel, value: number): string {
  if (!isRatio) return figure(value);
  const percent = Number((100 * (value - 1)).toPrecision(3));
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

/** Of the later half: the first intervals may be very wide, and what is wider is cut. */
function rangeOf({ points, none, margin, isRatio }: SequencePanel): [number, number] {
  const shown = points.slice(Math.floor(points.length / 2));
  const values = [...shown.flatMap(({ low, high }) => [low, high]), none, margin ?? none];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // The same factor above and below, on an axis of ratios.
  if (isRatio && low > 0) {
    const factor = (high / low) ** 0.1 || 1.1;
    return [low / factor, high * factor];
  }
  const pad = 0.1 * (high - low) || 0.1;
  return [low - pad, high + pad];
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MOST_TICKS = 6;

/** Round figures from `low` to `high`, six at most. */
function linearTicks(low: number, high: number): number[] {
  const decade = 10 ** Math.floor(Math.log10(Math.max(high - low, 1e-9)) - 1);
  const step =
    STEPS.map((part) => part * decade).find((size) => (high - low) / size <= MOST_TICKS) ??
    high - low;
  const first = Math.ceil(low / step);
  const count = Math.max(0, Math.floor(high / step) - first + 1);
  return Array.from({ length: count }, (_, k) => (first + k) * step);
}

/** Ratios that are round figures in percent. */
function ratioTicks(low: number, high: number): number[] {
  return linearTicks(100 * (low - 1), 100 * (high - 1)).map((percent) => 1 + percent / 100);
}

/** No effect, dashed, and the margin, dotted. */
function drawGuides(plot: UPlot, { none, margin }: SequencePanel): void {
  const { ctx, bbox } = plot;
  const across = (value: number, name: string, dash: number[]) => {
    const y = plot.valToPos(value, 'y', true);
    ctx.strokeStyle = colour(name);
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  };
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  across(none, '--quiet', [6, 4]);
  if (margin !== null) across(margin, '--red', [2, 3]);
  ctx.restore();
}

function create(place: HTMLElement, shown: () => SequencePanel): UPlot {
  const line = (name: string, width: number): UPlot.Series => ({
    stroke: () => colour(name),
    width,
    points: { show: false },
  });
  return new UPlot(
    {
      width: Math.max(place.clientWidth, 50),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false },
        y: { range: () => rangeOf(shown()), distr: shown().isRatio ? 3 : 1, log: 2 },
      },
      axes: [
        { ...plotAxis('plans'), size: 36 },
        {
          ...plotAxis('effect'),
          size: 60,
          splits: (_plot, _axis, low, high) => {
            return shown().isRatio ? ratioTicks(low, high) : linearTicks(low, high);
          },
          values: (_plot, splits) => splits.map((value) => words(shown(), value)),
        },
      ],
      series: [{}, line('--curve', 2), line('--line', 1), line('--line', 1)],
      bands: [{ series: [3, 2], fill: () => colour('--interval') }],
      hooks: { drawClear: [(plot) => drawGuides(plot, shown())] },
    },
    [[], [], [], []],
    place,
  );
}

/** An effect over the plans: the estimate, its interval at every analysis, no effect and the margin. */
export function SequencePlot({ sequence }: { readonly sequence: SequencePanel }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const latest = useRef(sequence);
  latest.current = sequence;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = create(element, () => latest.current);
    plot.current = made;
    return mountPlot(made, element, HEIGHT);
  }, []);
  useEffect(() => {
    const { points } = sequence;
    const column = (figureOf: (point: (typeof points)[number]) => number) => points.map(figureOf);
    plot.current?.setData([
      column(({ plans }) => plans),
      column(({ estimate }) => estimate),
      column(({ low }) => low),
      column(({ high }) => high),
    ]);
  }, [sequence]);
  const { title, caption } = sequence;
  return (
    <figure class="card">
      <div ref={place} class="curve sequence" role="img" aria-label={`${title}: ${caption}`} />
      <figcaption>
        <strong>{title}</strong>
        <br />
        {caption}
      </figcaption>
    </figure>
  );
}
