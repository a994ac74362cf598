// Patient by patient: one arm beside another.
import { type Arm, aloneArm, ROLES } from '../arms/arms.js';
import type { Measures } from './measures.js';
import type { ArmCase } from './outcomes.js';
import {
  bootstrap95,
  costRatio,
  countWins,
  median,
  NEVER,
  orNull,
  type Spread,
  spread,
} from './statistics.js';

/** The bootstrap interval of a median as JSON holds it. */
export const ci95 = (values: readonly number[]) => {
  const { low, high } = bootstrap95(values);
  return [orNull(low), orNull(high)] as const;
};

/** Patient by patient: the arm's cost, or another value, over the other's. */
export function pairedRatios(
  measures: readonly Measures[],
  arm: string,
  other: string,
  value: (measured: Measures) => number = ({ toReference }) => toReference,
): readonly number[] {
  const others = new Map(
    measures.filter((of) => of.arm === other).map((of) => [of.case, of] as const),
  );
  return measures.flatMap((of) => {
    const against = of.arm === arm ? others.get(of.case) : undefined;
    return against ? [costRatio(value(of), value(against))] : [];
  });
}

/** Costs over those of another arm. Larger is worse. */
export function against(measures: readonly Measures[], arm: string, other: string) {
  const ratios = pairedRatios(measures, arm, other);
  return {
    arm: other,
    ...spread(ratios),
    ci95: ci95(ratios),
    ...countWins(ratios),
    moreThanTenPercentWorse: ratios.filter((ratio) => ratio > 1.1).length,
  };
}

export type PairedCost = ReturnType<typeof against>;

/** Patient by patient: total time over that of another arm. */
export function msAgainst(runs: readonly ArmCase[], arm: string, other: string) {
  const msOf = (name: string, id: string) => {
    const found = runs.find((of) => of.arm === name && of.case === id)?.outcomes ?? [];
    return found.length === 0 ? NEVER : median(found.map(({ total }) => total.total_ms));
  };
  const ids = [...new Set(runs.map((of) => of.case))];
  const ratios = ids
    .map((id) => costRatio(msOf(arm, id), msOf(other, id)))
    .filter((ratio) => ratio > 0);
  return { arm: other, ...spread(ratios), ci95: ci95(ratios) };
}

/** One role against its absence, all else held fixed. */
export interface RoleComparison {
  readonly solver: string;
  readonly role: string;
  readonly others: 'no other role' | 'all other roles';
  readonly arm: string;
  readonly cost: PairedCost;
  readonly fRefRatio: Spread;
}

/** Every role of which both runs were made. */
export function compareRoles(
  arms: readonly Arm[],
  measures: readonly Measures[],
): readonly RoleComparison[] {
  const has = (name: string) => measures.some(({ arm }) => arm === name);
  const compared = (['dh', 'lbfgs'] as const).flatMap((solver) =>
    ROLES.flatMap((role) => {
      const alone = aloneArm(solver);
      return [
        { solver, role, others: 'no other role', arm: `${solver}-${role}`, without: alone },
        {
          solver,
          role,
          others: 'all other roles',
          arm: `${solver}-all`,
          without: `${solver}-all-but-${role}`,
        },
      ] as const;
    }),
  );
  return compared
    .filter(({ arm, without }) => arms.some(({ name }) => name === arm) && has(arm) && has(without))
    .map(({ arm, without, ...of }) => ({
      ...of,
      arm,
      cost: against(measures, arm, without),
      fRefRatio: spread(pairedRatios(measures, arm, without, ({ fRef }) => fRef)),
    }));
}
