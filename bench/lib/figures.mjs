// What rounds come to.
import * as statistics from 'simple-statistics';

/** Between the two nearest values where the share lies between them; NaN of nothing. */
export function quantile(values, share) {
  return values.length === 0 ? Number.NaN : statistics.quantile(values, share);
}

export const median = (values) => quantile(values, 0.5);
