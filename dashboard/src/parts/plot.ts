import type UPlot from 'uplot';

/** A colour of the page, as the theme has it now. */
export const colour = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const FONT = '11px Inter, system-ui, sans-serif';

/** `label`: what the axis counts, with its unit; empty without. */
export function plotAxis(label = ''): UPlot.Axis {
  const titled = { label, labelSize: 14, labelFont: FONT };
  return {
    ...(label === '' ? {} : titled),
    stroke: () => colour('--quiet'),
    grid: { stroke: () => colour('--faint'), width: 1 },
    ticks: { show: false },
    font: FONT,
  };
}

/** Keeps a plot as wide as its place and in the colours of the theme; the result removes it. */
export function mountPlot(plot: UPlot, place: HTMLElement, height: number): () => void {
  const resize = new ResizeObserver(() => {
    plot.setSize({ width: Math.max(place.clientWidth, 50), height });
  });
  resize.observe(place);
  const theme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw();
  theme.addEventListener('change', redraw);
  return () => {
    resize.disconnect();
    theme.removeEventListener('change', redraw);
    plot.destroy();
  };
}
