/** A plugin's vector in double precision, or the reason why it is none. Plugins may be plain JavaScript. */
export function toVector(
  value: unknown,
  length: number,
): Float64Array | 'malformed' | 'wrong-length' {
  let vector: Float64Array;
  if (value instanceof Float64Array) vector = value;
  else if (value instanceof Float32Array || Array.isArray(value)) vector = Float64Array.from(value);
  else return 'malformed';
  return vector.length === length ? vector : 'wrong-length';
}

export function isFiniteVector(vector: Float64Array): boolean {
  // A sum is finite only if every term is, up to overflow, which the second pass tells apart.
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += vector[i] as number;
  return Number.isFinite(sum) || vector.every(Number.isFinite);
}

/** The vector itself when inside its bounds, else a clamped copy. */
export function clampVector(vector: Float64Array, lower: number, upper: number): Float64Array {
  for (let i = 0; i < vector.length; i += 1) {
    const value = vector[i] as number;
    if (value < lower || value > upper) {
      return vector.map((v) => Math.min(upper, Math.max(lower, v)));
    }
  }
  return vector;
}

export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
