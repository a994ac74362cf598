// Patient by patient, what a plan to the solver's own end costs and reaches over the reference's: for optimizers whose calls
// differ in price from level to level, so that call-equivalents say little.
import type { ArmCase, Outcome } from './outcomes.js';
import { ci95 } from './paired.js';
import { median, NEVER, type Spread, spread } from './statistics.js';

/** Ratios over the reference, each with the interval of its median. Larger is worse. */
export interface RatioSummary extends Spread {
  readonly ci95: readonly [number | null, number | null];
  /** Patients above the reference. */
  readonly above: number;
}

export interface BesideAlone {
  readonly patients: number;
  /** Runs that failed count as worse than any other. */
  readonly voxelWeightedCalls: RatioSummary;
  readonly cpu: RatioSummary;
  /** dH's own F; absent where the reference has none. */
  readonly ownF: RatioSummary | undefined;
  readonly fRef: RatioSummary;
  readonly better: number;
  readonly worse: number;
}

/** F_ref within this much is neither better nor worse. */
const TIE = 0.01;

const medianOf = ({ outcomes }: ArmCase, value: (outcome: Outcome) => number) =>
  outcomes.length === 0 ? NEVER : median(outcomes.map(value));

function summarizeRatios(ratios: readonly number[]): RatioSummary {
  const above = ratios.filter((ratio) => ratio > 1).length;
  return { ...spread(ratios), ci95: ci95(ratios), above };
}

/** Over the patients on whom the reference succeeded. */
export function besideAlone(runs: readonly ArmCase[], arm: string, reference: string): BesideAlone {
  const pairs = runs
    .filter((run) => run.arm === reference && run.outcomes.length > 0)
    .flatMap((alone) => {
      const advised = runs.find((run) => run.arm === arm && run.case === alone.case);
      return advised === undefined ? [] : [{ alone, advised }];
    });
  const ratios = (value: (outcome: Outcome) => number) =>
    pairs.map(({ alone, advised }) => medianOf(advised, value) / medianOf(alone, value));
  const fRef = ratios((outcome) => outcome.fRef);
  const hasOwnF = pairs.every(({ alone }) =>
    alone.outcomes.every(({ ownObjective }) => ownObjective !== null),
  );
  return {
    patients: pairs.length,
    voxelWeightedCalls: summarizeRatios(ratios((outcome) => outcome.voxelWeightedCalls)),
    cpu: summarizeRatios(ratios((outcome) => outcome.cpuMs)),
    ownF: hasOwnF
      ? summarizeRatios(ratios(({ ownObjective }) => ownObjective ?? Number.NaN))
      : undefined,
    fRef: summarizeRatios(fRef),
    better: fRef.filter((ratio) => ratio < 1 - TIE).length,
    worse: fRef.filter((ratio) => ratio > 1 + TIE).length,
  };
}
