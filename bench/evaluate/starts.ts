import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomLcg, randomLogNormal } from 'd3-random';
import { sha256 } from './fingerprint.js';

/** Highest weight of a beamlet; see `final_weights` in docs/result-format.md. */
const WEIGHT_CEILING = 0.2;

/** Weights times log-normal noise, kept below the ceiling. The same name draws the same noise. */
export function withNoise(
  weights: readonly number[],
  noise: number,
  name: string,
): readonly number[] {
  const seed = Number.parseInt(sha256(name).slice(0, 8), 16) / 2 ** 32;
  const factor = randomLogNormal.source(randomLcg(seed))(0, noise);
  return weights.map((weight) => Math.min(WEIGHT_CEILING, weight * factor()));
}

/** Writes a file that `rtmodel optimize --start-from` reads: a result's plan with noise. */
export function writeStart(resultFile: string, noise: number, name: string, file: string): string {
  const result = JSON.parse(readFileSync(resultFile, 'utf8')) as Record<string, unknown> & {
    final_weights: number[];
  };
  // Without noise, too: a weight at the ceiling may lie a rounding above it.
  const weights = withNoise(result.final_weights, noise, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...result, final_weights: weights }));
  return sha256(JSON.stringify(weights));
}
