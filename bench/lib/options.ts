import { parseArgs } from 'node:util';

type Defaults = Readonly<Record<string, string | number>>;

/** Numbers where the default is one. */
export type BenchOptions<D extends Defaults> = {
  readonly [Name in keyof D]: D[Name] extends number ? number : string;
};

/**
 * The options `--NAME VALUE` of a benchmark.
 *
 * @param args Without the program, as in `process.argv.slice(2)`.
 * @throws for an option that has no default, and for a number below 0 or none at all.
 */
export function readOptions<D extends Defaults>(
  defaults: D,
  args: readonly string[] = process.argv.slice(2),
): BenchOptions<D> {
  const known = Object.entries(defaults);
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      known.map(([name, value]) => [name, { type: 'string' as const, default: String(value) }]),
    ),
  });
  const read = known.map(([name, fallback]) => {
    const value = values[name];
    if (typeof fallback === 'string') return [name, value];
    const number = value === '' ? Number.NaN : Number(value);
    if (Number.isFinite(number) && number >= 0) return [name, number];
    throw new Error(`--${name} must be a number of at least 0, not ${JSON.stringify(value)}`);
  });
  return Object.fromEntries(read) as BenchOptions<D>;
}
