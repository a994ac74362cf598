import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { figure } from './figures.js';
import { colour, mountPlot, plotAxis } from './plot.js';

const HEIGHT = 150;

const hour = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

export interface SeriesLine {
  readonly name: string;
  /** A colour of the page, such as `--curve`. */
  readonly colour: string;
  readonly values: readonly number[];
}

export interface SeriesPlotProps {
  readonly title: string;
  /** Of the values. */
  readonly unit: string;
  /** Milliseconds since 1970, ascending. */
  readonly atMs: readonly number[];
  readonly lines: readonly SeriesLine[];
}

function create(place: HTMLElement, { unit, lines }: SeriesPlotProps): UPlot {
  return new UPlot(
    {
      width: Math.max(place.clientWidth, 50),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        // From zero, so that small changes look small.
        y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 1e-9)] },
      },
      axes: [
        {
          ...plotAxis(),
          size: 24,
          space: 80,
          values: (_plot, splits) => splits.map((seconds) => hour.format(seconds * 1000)),
        },
        {
          ...plotAxis(unit),
          size: 52,
          values: (_plot, splits) => splits.map((value) => figure(value)),
        },
      ],
      series: [
        {},
        ...lines.map(
          (line): UPlot.Series => ({
            stroke: () => colour(line.colour),
            width: 1.5,
            points: { show: false },
          }),
        ),
      ],
    },
    [[], ...lines.map(() => [])],
    place,
  );
}

/** Figures over time, from zero, with their unit. */
export function SeriesPlot(props: SeriesPlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const { title, unit, atMs, lines } = props;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = create(element, props);
    plot.current = made;
    return mountPlot(made, element, HEIGHT);
  }, []);
  useEffect(() => {
    const seconds = atMs.map((ms) => ms / 1000);
    plot.current?.setData([seconds, ...lines.map(({ values }) => [...values])]);
  }, [atMs]);
  const latest = lines.map(({ name, values }) => `${name} ${figure(values.at(-1))}`).join(', ');
  return (
    <figure class="card">
      <figcaption>
        <strong>{title}</strong>{' '}
        {lines.map(({ name, colour: of, values }) => (
          <span key={name} class="latest">
            {name !== '' && <span class={`swatch line${of}`} aria-hidden="true" />}
            {name} {figure(values.at(-1))}{' '}
          </span>
        ))}
        <span class="latest">{unit}</span>
      </figcaption>
      <div
        ref={place}
        class="curve"
        role="img"
        aria-label={`${title} over the last hour, now ${latest} ${unit}`}
      />
    </figure>
  );
}
