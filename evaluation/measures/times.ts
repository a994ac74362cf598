import type { ArmCase, Outcome } from './outcomes.js';
import { median, type Spread, spread } from './statistics.js';

/** Milliseconds over patients, each patient the median of its repeats. Undefined where nothing was run. */
export interface TimeSummary {
  readonly total: Spread;
  readonly objective: Spread;
  readonly covariance: Spread;
  /** Features, transfer, inference, waiting and gates. */
  readonly advice: Spread;
  /** The part of it that the optimizer spent waiting for the host. */
  readonly waited: Spread;
  /** The part of that which passed inside the host. */
  readonly host: Spread;
}

export function summarizeTimes(
  arm: string,
  counted: readonly ArmCase[],
  timed: readonly ArmCase[],
): Partial<TimeSummary> {
  const has = (runs: readonly ArmCase[]) =>
    runs.filter((of) => of.arm === arm && of.outcomes.length > 0);
  const cases = has(timed).length > 0 ? has(timed) : has(counted);
  if (cases.length === 0) return {};
  const of = (value: (outcome: Outcome) => number) =>
    spread(cases.map(({ outcomes }) => median(outcomes.map(value))));
  return {
    total: of(({ total }) => total.total_ms),
    objective: of(({ total }) => total.objective_ms),
    covariance: of(({ total }) => total.covariance_ms),
    advice: of(({ total }) => total.advice_ms),
    waited: of(({ waitedMs }) => waitedMs),
    host: of(({ hostMs }) => hostMs),
  };
}

export interface RoleAdvice {
  readonly received: number;
  readonly accepted: number;
  readonly refused: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Counts of all runs of an arm, by role. Empty for an arm without a host. */
export function summarizeAdvice(
  arm: string,
  counted: readonly ArmCase[],
): Readonly<Record<string, RoleAdvice>> {
  const roles: Record<string, { -readonly [Key in keyof RoleAdvice]: RoleAdvice[Key] }> = {};
  const at = (role: string) => {
    const made = roles[role] ?? { received: 0, accepted: 0, refused: 0, outcomes: {} };
    roles[role] = made;
    return made;
  };
  const outcomes = counted.filter((of) => of.arm === arm).flatMap((of) => of.outcomes);
  for (const { advice } of outcomes) {
    for (const { role, received, accepted, refused } of advice?.roles ?? []) {
      const sum = at(role);
      sum.received += received;
      sum.accepted += accepted;
      sum.refused += refused;
    }
    for (const { role, outcome, count } of advice?.session?.outcomes ?? []) {
      const sum = at(role);
      sum.outcomes = { ...sum.outcomes, [outcome]: (sum.outcomes[outcome] ?? 0) + count };
    }
  }
  return roles;
}
