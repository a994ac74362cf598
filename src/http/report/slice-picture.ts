import { scaleLinear } from 'd3-scale';
import { encode } from 'fast-png';
import type { KeptSlice } from '../live/finish-view.js';

/** From no dose to the most, even steps of lightness: read by people who see colours otherwise, and printed in grey. */
const DOSE_COLOURS = ['#0b0d12', '#2a2360', '#7b2a6f', '#c9484f', '#f0903b', '#fbe28c'];

type Colour = [number, number, number];

function palette(): Colour[] {
  const stops = DOSE_COLOURS.map((_, k) => (255 * k) / (DOSE_COLOURS.length - 1));
  const scale = scaleLinear<string>(stops, DOSE_COLOURS);
  return Array.from({ length: 256 }, (_, level) => {
    const [red = 0, green = 0, blue = 0] = scale(level).match(/\d+/g)?.map(Number) ?? [];
    return [red, green, blue];
  });
}

const PALETTE = palette();

/** A dose slice as PNG, a pixel a value. */
export function slicePicture({ rows, columns, levels }: KeptSlice): Uint8Array {
  const indexed = { width: columns, height: rows, channels: 1, depth: 8 } as const;
  return encode({ ...indexed, data: levels, palette: PALETTE });
}

/** The scale beside a slice, as a CSS gradient from bottom to top. */
export const DOSE_GRADIENT = `linear-gradient(to top, ${DOSE_COLOURS.join(', ')})`;
