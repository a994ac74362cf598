import type { PlanCurve } from '../../live/plan-curve.js';

const WIDTH = 120;
const HEIGHT = 24;
const POINTS = 60;

/** The shape of a curve on an axis of decades, as the path of an SVG; empty before two positive values. */
export function sparkPath({ iterations, objectives }: PlanCurve): string {
  const last = iterations.length - 1;
  const step = Math.max(1, last / (POINTS - 1));
  const points: (readonly [number, number])[] = [];
  for (let at = 0; at < last + step; at += step) {
    const k = Math.min(Math.round(at), last);
    const objective = objectives[k] ?? 0;
    if (objective > 0) points.push([iterations[k] ?? 0, Math.log(objective)]);
  }
  const [first] = points;
  if (first === undefined || points.length < 2) return '';
  const end = points.at(-1)?.[0] ?? 1;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [, y] of points) {
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  const scale = high > low ? (HEIGHT - 4) / (high - low) : 0;
  const along = (WIDTH - 2) / Math.max(end - first[0], 1);
  return points
    .map(([x, y], k) => {
      const place = `${(1 + (x - first[0]) * along).toFixed(1)} ${(2 + (high - y) * scale).toFixed(1)}`;
      return `${k === 0 ? 'M' : 'L'}${place}`;
    })
    .join('');
}

/** Convergence at a glance. The figures beside it say the same in words. */
export function Spark({ curve }: { readonly curve: PlanCurve }) {
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={sparkPath(curve)} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
