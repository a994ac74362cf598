import { useEffect, useRef, useState } from 'preact/hooks';
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

/** A shape at a glance is drawn no more often than this: the figures beside it are as new as the feed, and many shapes are what a page costs. */
const EVERY_MS = 1000;

/** Convergence at a glance. The figures beside it say the same in words. */
export function Spark({ curve }: { readonly curve: PlanCurve }) {
  const [, redraw] = useState(0);
  const drawn = useRef({ atMs: Number.NEGATIVE_INFINITY, until: 0, path: '' });
  const until = curve.iterations.at(-1) ?? 0;
  const nowMs = performance.now();
  const waitMs = drawn.current.atMs + EVERY_MS - nowMs;
  // The first shape at once.
  if (drawn.current.until !== until && (waitMs <= 0 || drawn.current.path === '')) {
    drawn.current = { atMs: nowMs, until, path: sparkPath(curve) };
  }
  const isOld = drawn.current.until !== until;
  useEffect(() => {
    if (!isOld) return;
    const timer = setTimeout(() => redraw((count) => count + 1), waitMs);
    return () => clearTimeout(timer);
  }, [isOld]);
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={drawn.current.path} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
