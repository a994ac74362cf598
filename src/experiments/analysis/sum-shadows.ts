import type { Outcome } from '../../domain/advice/advice.js';
import type { ShadowCoverage, ShadowReport } from '../../domain/experiments/experiment-report.js';
import type { Experiment, OutcomeRecord } from '../../domain/experiments/experiments.js';
import type {
  ShadowLoss,
  ShadowOutcome,
  ShadowRoleOutcome,
} from '../../domain/shadow/shadow-outcome.js';
import { ROLES } from '../../plugin-sdk/index.js';

function sumOutcomes(roleOutcomes: readonly ShadowRoleOutcome[]): ShadowReport['outcomes'] {
  const sums: Partial<Record<Outcome, number>> = {};
  for (const { outcomes } of roleOutcomes) {
    for (const [word, count = 0] of Object.entries(outcomes)) {
      const outcome = word as Outcome;
      sums[outcome] = (sums[outcome] ?? 0) + count;
    }
  }
  return sums;
}

function sumDifferences(roleOutcomes: readonly ShadowRoleOutcome[]): ShadowReport['difference'] {
  const count = roleOutcomes.reduce((sum, { difference }) => sum + difference.count, 0);
  const total = roleOutcomes.reduce(
    (sum, { difference }) => sum + difference.count * difference.mean,
    0,
  );
  const max = Math.max(0, ...roleOutcomes.map(({ difference }) => difference.max));
  return { count, mean: count === 0 ? 0 : total / count, max };
}

function sumStops(roleOutcomes: readonly ShadowRoleOutcome[]): ShadowReport['stops'] {
  const ended = roleOutcomes
    .flatMap(({ stops }) => stops)
    .flatMap(({ iteration, served }) => (served ? [served.iterations - iteration - 1] : []));
  return {
    stages: ended.length,
    iterationsAfter: ended.reduce((sum, iterations) => sum + Math.max(0, iterations), 0),
  };
}

function sumRole(roleOutcomes: readonly ShadowRoleOutcome[]) {
  const sum = (what: 'questions' | 'agreed' | 'late') =>
    roleOutcomes.reduce((total, outcome) => total + outcome[what], 0);
  const medians = roleOutcomes.map(({ latencyMs }) => latencyMs.p50).sort((a, b) => a - b);
  return {
    plans: roleOutcomes.length,
    questions: sum('questions'),
    agreed: sum('agreed'),
    late: sum('late'),
    outcomes: sumOutcomes(roleOutcomes),
    difference: sumDifferences(roleOutcomes),
    stops: sumStops(roleOutcomes),
    latencyMs: {
      p50: medians[medians.length >> 1] ?? 0,
      max: Math.max(0, ...roleOutcomes.map(({ latencyMs }) => latencyMs.max)),
    },
  };
}

/** Shadow arms beside each arm that served, control first; combinations without a plan are left out. */
export function sumShadows(
  { shadowArms, arms, control }: Experiment,
  outcomes: readonly ShadowOutcome[],
): readonly ShadowReport[] {
  const servedBy = [control, ...arms.map(({ id }) => id).filter((id) => id !== control)];
  return shadowArms.flatMap(({ id: arm }) =>
    servedBy.flatMap((served) => {
      const plans = outcomes.filter((outcome) => outcome.arm === arm && outcome.served === served);
      return ROLES.flatMap((role) => {
        const roleOutcomes = plans.flatMap(({ roles }) =>
          roles.filter((outcome) => outcome.role === role),
        );
        return roleOutcomes.length === 0 ? [] : [{ arm, served, role, ...sumRole(roleOutcomes) }];
      });
    }),
  );
}

/** On how many finished plans each shadow arm was computed. An arm that lost all of them must not vanish from the report. */
export function shadowCoverage(
  { shadowArms }: Experiment,
  outcomes: readonly OutcomeRecord[],
  shadows: readonly ShadowOutcome[],
): readonly ShadowCoverage[] {
  const finished = outcomes.filter(({ status }) => status === 'finished');
  return shadowArms.map(({ id: arm }) => {
    const mine = new Map(
      shadows.filter((shadow) => shadow.arm === arm).map((shadow) => [shadow.session, shadow]),
    );
    let computed = 0;
    const reasons: Partial<Record<ShadowLoss | 'unknown', number>> = {};
    for (const { session } of finished) {
      const shadow = mine.get(session);
      if (shadow !== undefined && shadow.lost === undefined) {
        computed += 1;
        continue;
      }
      const reason = shadow?.lost ?? 'unknown';
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    return { arm, computed, missing: finished.length - computed, reasons };
  });
}
