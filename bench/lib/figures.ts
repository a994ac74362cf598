// What rounds come to.
import { median } from '../../evaluation/measures/statistics.js';

export { bootstrap95, median, quantile } from '../../evaluation/measures/statistics.js';

/** What was measured again and again, by what it was measured of. */
export class Samples<T> {
  readonly #byKey = new Map<string, T[]>();

  add(key: string, sample: T): void {
    const kept = this.#byKey.get(key);
    if (kept === undefined) this.#byKey.set(key, [sample]);
    else kept.push(sample);
  }

  /** In the order they came. */
  of(key: string): readonly T[] {
    return this.#byKey.get(key) ?? [];
  }

  /** NaN where nothing was measured. */
  median(key: string, figure: (sample: T) => number): number {
    return median(this.of(key).map(figure));
  }
}
