import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import type { PlanSummary, StageView } from '../../../src/http/live/plan-views.js';
import type { PlanCurve } from '../live/plan-curve.js';
import { figure } from './figures.js';
import { colour, mountPlot, plotAxis } from './plot.js';

export interface CurvePlotProps {
  readonly summary: PlanSummary;
  readonly curve: PlanCurve;
  readonly height: number;
  /** Named at their lines where there is room for it. */
  readonly stages?: readonly StageView[];
}

/** The prediction's line and its band of two standard deviations. */
function bandOf({ prediction }: PlanSummary): { low: number; value: number; high: number } | null {
  if (prediction === null || !Number.isFinite(prediction.value)) return null;
  const spread = 2 * (prediction.deviation ?? 0);
  const { value } = prediction;
  return { low: Math.max(value - spread, value / 10), value, high: value + spread };
}

/** Positive values of the curve and the prediction with a margin, for an axis of decades. */
function rangeOf(curve: PlanCurve, summary: PlanSummary): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  const take = (value: number | null) => {
    if (value === null || value <= 0) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const value of curve.objectives) take(value);
  const band = bandOf(summary);
  if (band !== null) for (const value of [band.low, band.high]) take(value);
  if (high === 0) return [0.1, 1];
  // Room above for the names of stages.
  return [low * 0.9, high * Math.max(1.1, (high / low) ** 0.12)];
}

function drawStages(plot: UPlot, { summary: { stageStarts } }: CurvePlotProps): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour('--line');
  ctx.setLineDash([3, 3]);
  for (const after of stageStarts.slice(1)) {
    const x = plot.valToPos(after, 'x', true);
    // Before the first iteration: the axis itself.
    if (x <= bbox.left) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** After the grid, which would go through them. */
function drawStageNames(plot: UPlot, { stages = [] }: CurvePlotProps): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.font = `${10 * devicePixelRatio}px Inter, system-ui, sans-serif`;
  const ends = stages.map(({ after }) => plot.valToPos(after, 'x', true));
  for (const [k, { name }] of stages.entries()) {
    const from = Math.max(ends[k] ?? 0, bbox.left);
    const end = ends[k + 1] ?? bbox.left + bbox.width;
    // A stage too short for its name has it in the table.
    if (ctx.measureText(name).width + 8 * devicePixelRatio > end - from) continue;
    const width = ctx.measureText(name).width;
    ctx.fillStyle = colour('--card');
    ctx.fillRect(
      from + 2 * devicePixelRatio,
      bbox.top,
      width + 4 * devicePixelRatio,
      13 * devicePixelRatio,
    );
    ctx.fillStyle = colour('--quiet');
    ctx.fillText(name, from + 4 * devicePixelRatio, bbox.top + 10 * devicePixelRatio);
  }
  ctx.restore();
}

function drawPrediction(plot: UPlot, summary: PlanSummary): void {
  const band = bandOf(summary);
  if (band === null || band.value <= 0) return;
  const { ctx, bbox } = plot;
  const y = (value: number) => plot.valToPos(value, 'y', true);
  ctx.save();
  ctx.fillStyle = colour('--band');
  ctx.fillRect(bbox.left, y(band.high), bbox.width, Math.max(1, y(band.low) - y(band.high)));
  ctx.strokeStyle = colour('--prediction');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y(band.value));
  ctx.lineTo(bbox.left + bbox.width, y(band.value));
  ctx.stroke();
  ctx.restore();
}

/** 1, 2, 3, 5 or 7 of a decade: an axis begins where the curve does, at no round figure. */
function isRound(value: number | null): value is number {
  if (value === null || !(value > 0)) return false;
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return [1, 2, 3, 5, 7].some((round) => Math.abs(digit - round) < 1e-6);
}

/** Iterations are whole. */
const WHOLE = [1, 2, 5]
  .flatMap((part) => [1, 10, 100, 1000, 10_000].map((decade) => part * decade))
  .sort((a, b) => a - b);

function create(place: HTMLElement, height: number, shown: () => CurvePlotProps): UPlot {
  return new UPlot(
    {
      width: Math.max(place.clientWidth, 50),
      height,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false },
        y: { distr: 3, range: () => rangeOf(shown().curve, shown().summary) },
      },
      axes: [
        { ...plotAxis('iterations'), size: 36, incrs: WHOLE },
        {
          ...plotAxis('objective'),
          size: 46,
          values: (_plot, splits) => splits.map((value) => (isRound(value) ? figure(value) : '')),
        },
      ],
      series: [{}, { stroke: () => colour('--curve'), width: 1.5, points: { show: false } }],
      hooks: {
        drawClear: [
          (plot) => {
            drawPrediction(plot, shown().summary);
            drawStages(plot, shown());
          },
        ],
        drawAxes: [(plot) => drawStageNames(plot, shown())],
      },
    },
    [[], []],
    place,
  );
}

function describe({ iterations, objective, prediction }: PlanSummary): string {
  const head = `Objective ${figure(objective)} after ${iterations} iterations`;
  if (prediction === null) return head;
  const { value, deviation } = prediction;
  const band = deviation === null ? '' : ` give or take ${figure(2 * deviation)}`;
  return `${head}, predicted to end at ${figure(value)}${band}`;
}

/** The convergence curve of a plan on an axis of decades, its stages, and where it is predicted to end. */
export function CurvePlot(props: CurvePlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const latest = useRef(props);
  const isVisible = useRef(true);
  latest.current = props;

  const draw = () => {
    const { curve } = latest.current;
    // Zero and less have no place on an axis of decades.
    const values = curve.objectives.map((value) => (value !== null && value > 0 ? value : null));
    plot.current?.setData([curve.iterations, values]);
  };

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = create(element, props.height, () => latest.current);
    plot.current = made;
    const remove = mountPlot(made, element, props.height);
    // A curve out of sight costs nothing; it catches up when it comes into view.
    const sight = new IntersectionObserver(([entry]) => {
      isVisible.current = entry?.isIntersecting ?? true;
      if (isVisible.current) draw();
    });
    sight.observe(element);
    return () => {
      sight.disconnect();
      remove();
    };
  }, [props.height]);

  useEffect(() => {
    if (isVisible.current) draw();
  }, [props.summary]);

  return (
    <div
      ref={place}
      class="curve"
      role="img"
      aria-label={describe(props.summary)}
      data-until={props.curve.iterations.at(-1)}
    />
  );
}
