import type { AdviceOf, ReadonlyVector, Role } from '../../plugin-sdk/index.js';

/** Values that differ by less say the same: far below what a plan notices, far above rounding. */
export const SAME_WITHIN = 1e-3;

/** How one piece of advice differs from another. */
export interface AdviceComparison {
  readonly isSame: boolean;
  /** Relative to the second; undefined where there is nothing to measure, such as between decisions. */
  readonly difference: number | undefined;
}

/** |a - b| / |b| of two vectors; infinite where they have different lengths or only b is zero. */
export function relativeDistance(a: ReadonlyVector, b: ReadonlyVector): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let [distance, norm] = [0, 0];
  for (let i = 0; i < b.length; i += 1) {
    const [x = 0, y = 0] = [a[i], b[i]];
    distance += (x - y) ** 2;
    norm += y ** 2;
  }
  return distance === 0 ? 0 : Math.sqrt(distance / norm);
}

/** The greatest relative difference of numbers that stand in the same places. */
function greatest(pairs: readonly (readonly [number, number])[]): number {
  return Math.max(0, ...pairs.map(([a, b]) => Math.abs(a - b) / Math.abs(b)));
}

function measure(difference: number, isComparable = true): AdviceComparison {
  return { isSame: isComparable && difference <= SAME_WITHIN, difference };
}

const different: AdviceComparison = { isSame: false, difference: undefined };

type Comparers = { readonly [R in Role]: (a: AdviceOf<R>, b: AdviceOf<R>) => AdviceComparison };

const comparers: Comparers = {
  initialization: (a, b) => measure(relativeDistance(a.weights, b.weights)),
  'adaptive-variance': (a, b) => measure(relativeDistance(a.varianceGy2, b.varianceGy2)),
  'step-direction': (a, b) =>
    a.space === b.space ? measure(relativeDistance(a.direction, b.direction)) : different,
  'histogram-sigma': (a, b) => {
    const known = new Map(
      b.structures.map((structure) => [structure.structure, structure.histogramSigmaGy]),
    );
    const pairs = a.structures.flatMap(({ structure, histogramSigmaGy }) => {
      const other = known.get(structure);
      return other === undefined ? [] : [[histogramSigmaGy, other] as const];
    });
    const isAll = pairs.length === a.structures.length && pairs.length === b.structures.length;
    return pairs.length === 0 && !isAll ? different : measure(greatest(pairs), isAll);
  },
  'pyramid-sigma': (a, b) => {
    const isAlike =
      a.stages.length === b.stages.length &&
      a.stages.every(({ level, iterationLimit }, i) => {
        const other = b.stages[i];
        return other?.level === level && other.iterationLimit === iterationLimit;
      });
    if (!isAlike) return different;
    return measure(
      greatest(
        a.stages.map((stage, i) => [stage.histogramSigmaGy, b.stages[i]?.histogramSigmaGy ?? 0]),
      ),
    );
  },
  'early-stopping': (a, b) => ({ isSame: a.decision === b.decision, difference: undefined }),
};

/** How advice of a role differs from other advice of the same role. */
export function compareAdvice<R extends Role>(
  role: R,
  value: AdviceOf<R>,
  other: AdviceOf<R>,
): AdviceComparison {
  const compare = comparers[role] as (a: AdviceOf<R>, b: AdviceOf<R>) => AdviceComparison;
  const { isSame, difference } = compare(value, other);
  // What can't be measured is different, and must not spoil a mean.
  return difference !== undefined && !Number.isFinite(difference)
    ? different
    : { isSame, difference };
}
