import type { Arm } from '../arms/arms.js';
import { besideAlone } from '../measures/beside-alone.js';
import { isOutside, MARGINS } from '../measures/margins.js';
import { BUDGETS, GAPS_PERCENT, type Measures, measureAll } from '../measures/measures.js';
import type { ArmCase } from '../measures/outcomes.js';
import {
  against,
  ci95,
  compareRoles,
  msAgainst,
  pairedRatios,
  type RoleComparison,
} from '../measures/paired.js';
import {
  median,
  NEVER,
  orNull,
  quantile,
  type Spread,
  spread,
  worst,
} from '../measures/statistics.js';
import { summarizeAdvice, summarizeTimes } from '../measures/times.js';

export interface SummaryInput {
  readonly arms: readonly Arm[];
  readonly reference: string;
  readonly measures: readonly Measures[];
  readonly counted: readonly ArmCase[];
  /** From the pass that ran one plan at a time; empty when there was none. */
  readonly timed: readonly ArmCase[];
}

const reachedIn = (costs: readonly number[]) => costs.filter((cost) => cost !== NEVER).length;

interface CostSummary extends Spread {
  readonly reached: number;
  readonly ci95: readonly [number | null, number | null];
}

const costs = (values: readonly number[]): CostSummary => ({
  ...spread(values),
  reached: reachedIn(values),
  ci95: ci95(values),
});

/** The classical arm that comes to the reference's F_ref cheapest; the one others must beat. */
export function bestClassical(
  arms: readonly Arm[],
  measures: readonly Measures[],
): string | undefined {
  const candidates = arms
    .filter(({ kind }) => kind === 'classical')
    .map(({ name }) => {
      const found = measures.filter(({ arm }) => arm === name).map((of) => of.toReference);
      return { name, median: median(found), p95: quantile(found, 0.95) };
    })
    .filter((candidate) => !Number.isNaN(candidate.median));
  // Two that never get there are alike, and Infinity - Infinity is no order.
  const less = (a: number, b: number) => (a === b ? 0 : a - b);
  return candidates.toSorted((a, b) => less(a.median, b.median) || less(a.p95, b.p95))[0]?.name;
}

/** Milliseconds to the reference's F_ref, and patient by patient over those of the best classical arm. */
function msToReference(clocked: readonly Measures[], arm: string, best: string | undefined) {
  const ms = ({ toReferenceMs }: Measures) => toReferenceMs;
  const over = best === undefined ? [] : pairedRatios(clocked, arm, best, ms);
  return {
    ...spread(clocked.filter((of) => of.arm === arm).map(ms)),
    ...(over.length > 0 && { overBestClassical: { ...spread(over), ci95: ci95(over) } }),
  };
}

function summarizeArm(
  arm: Arm,
  input: SummaryInput,
  clocked: readonly Measures[],
  best: string | undefined,
) {
  const of = input.measures.filter((measured) => measured.arm === arm.name);
  const pick = (value: (measured: Measures) => number) => of.map(value);
  const toReference = pick((measured) => measured.toReference);
  const count = (is: (measured: Measures) => boolean) => of.filter(is).length;
  const times = summarizeTimes(arm.name, input.counted, input.timed);
  const judged = of.filter(({ isFailed }) => !isFailed);
  return {
    solver: arm.solver,
    roles: arm.roles,
    patients: of.length,
    reached: reachedIn(toReference),
    medianCallEquivalents: orNull(median(toReference)),
    ci95: ci95(toReference),
    worstCallEquivalents: orNull(worst(toReference)),
    medianIterations: orNull(median(pick(({ iterations }) => iterations))),
    medianFRefRatio: orNull(median(pick(({ fRefRatio }) => fRefRatio))),
    worstFRefRatio: orNull(worst(pick(({ fRefRatio }) => fRefRatio))),
    medianWallMs: times.total?.median ?? null,
    outsideMargins: count(({ isFailed, outside }) => !isFailed && isOutside(outside)),
    // What follows is for the tables.
    title: arm.title,
    kind: arm.kind,
    failed: count(({ isFailed }) => isFailed),
    p95CallEquivalents: orNull(quantile(toReference, 0.95)),
    toReferenceMs: msToReference(clocked, arm.name, best),
    toBest: Object.fromEntries(
      GAPS_PERCENT.map((gap, i) => [gap, costs(pick(({ toBest }) => toBest[i] ?? NEVER))]),
    ),
    fRefOverBestAtBudget: Object.fromEntries(
      BUDGETS.map((budget, i) => [
        budget,
        spread(pick(({ atBudget }) => atBudget[i] ?? Number.NaN)),
      ]),
    ),
    ownStop: spread(pick(({ ownStop }) => ownStop)),
    iterations: spread(pick(({ iterations }) => iterations)),
    fRefRatio: spread(pick(({ fRefRatio }) => fRefRatio)),
    fRefOverBest: spread(pick(({ bestRatio }) => bestRatio)),
    outside: {
      fRef: judged.filter(({ outside }) => outside.fRef).length,
      targetD95: judged.filter(({ outside }) => outside.targetD95).length,
      organMean: judged.filter(({ outside }) => outside.organMean).length,
      organD01cc: judged.filter(({ outside }) => outside.organD01cc).length,
      dosesKnown: judged.filter(({ change }) => change !== undefined).length,
    },
    doseChange: {
      targetD95LossPercent: spread(
        judged.flatMap(({ change }) => (change ? [change.targetD95LossPercent] : [])),
      ),
      organMeanGy: spread(judged.flatMap(({ change }) => (change ? [change.organMeanGy] : []))),
      organD01ccGy: spread(judged.flatMap(({ change }) => (change ? [change.organD01ccGy] : []))),
    },
    againstReference: against(input.measures, arm.name, input.reference),
    besideReference: besideAlone(
      input.timed.length > 0 ? input.timed : input.counted,
      arm.name,
      input.reference,
    ),
    ...(best !== undefined && {
      againstBestClassical: against(input.measures, arm.name, best),
      msAgainstBestClassical: msAgainst(
        input.timed.length > 0 ? input.timed : input.counted,
        arm.name,
        best,
      ),
    }),
    ms: times,
    advice: summarizeAdvice(arm.name, input.counted),
  };
}

export type ArmSummary = ReturnType<typeof summarizeArm>;

export interface Summary {
  readonly reference: string;
  readonly margins: typeof MARGINS;
  readonly arms: Readonly<Record<string, ArmSummary>>;
  readonly bestClassical: string | null;
  readonly roles: readonly RoleComparison[];
  /** Where the times come from. */
  readonly timesFrom: 'timing' | 'counts';
}

/** Arms without a single measured case, such as those that are unavailable, are left out. */
export function summarize(input: SummaryInput): Summary {
  const best = bestClassical(input.arms, input.measures);
  const timed = measureAll(input.timed, input.reference);
  const clocked = timed.length > 0 ? timed : input.measures;
  const measured = input.arms.filter(({ name }) => input.measures.some(({ arm }) => arm === name));
  return {
    reference: input.reference,
    margins: MARGINS,
    arms: Object.fromEntries(
      measured.map((arm) => [arm.name, summarizeArm(arm, input, clocked, best)] as const),
    ),
    bestClassical: best ?? null,
    roles: compareRoles(input.arms, input.measures),
    timesFrom: input.timed.some(({ outcomes }) => outcomes.length > 0) ? 'timing' : 'counts',
  };
}
