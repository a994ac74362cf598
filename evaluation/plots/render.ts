import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { writeWhole } from '../write-whole.js';

const CONFIG = {
  background: 'white',
  font: 'sans-serif',
  view: { stroke: null },
  axis: { gridColor: '#e6e6e6', domainColor: '#888888', tickColor: '#888888' },
  legend: { symbolStrokeWidth: 3, symbolOpacity: 1, labelLimit: 300 },
} as const;

/** Writes a picture. No browser and no native library is needed for SVG. */
export async function drawSvg(file: string, spec: TopLevelSpec): Promise<void> {
  const view = new View(parse(compile({ ...spec, config: CONFIG }).spec), { renderer: 'none' });
  writeWhole(file, await view.toSVG());
  view.finalize();
}

export const byArm = (names: readonly string[]) =>
  ({
    field: 'arm',
    type: 'nominal',
    sort: [...names],
    scale: { scheme: names.length > 10 ? 'category20' : 'tableau10' },
    title: null,
  }) as const;
