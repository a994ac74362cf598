// Did the detector fire, and if not, was the plan no worse than without advice?
import { mean } from 'simple-statistics';
import type { Arm } from '../arms.js';
import type { EvaluationCase } from '../cases.js';
import { F_REF_MARGIN } from '../outcomes.js';
import type { RunRecord } from '../run-record.js';
import { orNull, type Spread, spread } from '../statistics.js';
import { PERTURBATIONS, perturbedId } from './perturbations.js';

/** Probability that a perturbed question scores higher than one like the training's; ties count half. */
export function auroc(inside: readonly number[], outside: readonly number[]): number {
  if (inside.length === 0 || outside.length === 0) return Number.NaN;
  // Pair by pair: the library's rank sum mistakes ranks of ties (simple-statistics 7.8.8).
  const points = outside.flatMap((score) =>
    inside.map((other) => (score === other ? 0.5 : Number(score > other))),
  );
  return mean(points);
}

export const withoutAdvice = ({ solver }: Arm): string =>
  solver === 'dh' ? 'dh-incremental' : 'lbfgs-annealed';

export interface Judgement {
  readonly arm: string;
  /** `none`: the cases as they are. */
  readonly perturbation: string;
  /** Plans that could be made without advice. */
  readonly cases: number;
  /** Cases that can't be planned without advice either: the optimizer itself refuses them. */
  readonly refused: number;
  /** Plans in which at least one role was withheld as out of distribution. */
  readonly fired: number;
  /** Plans that ended above the margin of F_ref, or failed where the one without advice did not. */
  readonly worse: number;
  /** What must not be: worse, and nothing fired. */
  readonly worseSilently: number;
  readonly fRefRatio: Spread;
  readonly scores: Readonly<Record<string, Spread>>;
}

export interface Separation {
  readonly arm: string;
  readonly role: string;
  readonly perturbation: string;
  readonly auroc: number | null;
}

const hasFired = (record: RunRecord): boolean =>
  (record.result.advice.session?.outcomes ?? []).some(
    ({ outcome, count }) => outcome === 'out-of-distribution' && count > 0,
  );

function scoresOf(records: readonly RunRecord[]): ReadonlyMap<string, readonly number[]> {
  const scores = new Map<string, number[]>();
  for (const { result } of records) {
    for (const { role, highest_out_of_distribution_score } of result.advice.session?.hosted ?? []) {
      scores.set(role, [...(scores.get(role) ?? []), highest_out_of_distribution_score]);
    }
  }
  return scores;
}

/** What is looked at together: the cases as they are, and each perturbation of them. */
const groupsOf = (cases: readonly EvaluationCase[]) => [
  { name: 'none', ids: cases.map(({ id }) => id) },
  ...PERTURBATIONS.map((perturbation) => ({
    name: perturbation.name,
    ids: cases.map(({ id }) => perturbedId(id, perturbation)),
  })),
];

export function judge(
  arms: readonly Arm[],
  cases: readonly EvaluationCase[],
  perturbed: readonly EvaluationCase[],
  records: readonly RunRecord[],
): { readonly judgements: readonly Judgement[]; readonly separations: readonly Separation[] } {
  const find = (arm: string, id: string) =>
    records.find((record) => record.arm === arm && record.case === id);
  const groups = groupsOf(cases);
  const wanted = new Set([...cases, ...perturbed].map(({ id }) => id));
  const judgements = arms.flatMap((arm) =>
    groups.map(({ name, ids }): Judgement => {
      const pairs = ids.flatMap((id) => {
        const alone = find(withoutAdvice(arm), id);
        return alone ? [{ alone, advised: find(arm.name, id) }] : [];
      });
      const plans = pairs.map(({ alone, advised }) => ({
        ratio: advised
          ? advised.result.reference_objective / alone.result.reference_objective
          : Number.POSITIVE_INFINITY,
        isFired: advised !== undefined && hasFired(advised),
      }));
      const isWorse = ({ ratio }: { ratio: number }) => !(ratio <= F_REF_MARGIN);
      const advised = pairs.flatMap((pair) => (pair.advised ? [pair.advised] : []));
      return {
        arm: arm.name,
        perturbation: name,
        cases: pairs.length,
        refused: ids.filter((id) => wanted.has(id)).length - pairs.length,
        fired: plans.filter(({ isFired }) => isFired).length,
        worse: plans.filter(isWorse).length,
        worseSilently: plans.filter((plan) => isWorse(plan) && !plan.isFired).length,
        fRefRatio: spread(plans.map(({ ratio }) => ratio)),
        scores: Object.fromEntries([...scoresOf(advised)].map(([role, of]) => [role, spread(of)])),
      };
    }),
  );
  const separations = arms.flatMap((arm) => {
    const scores = (ids: readonly string[]) =>
      scoresOf(records.filter((record) => record.arm === arm.name && ids.includes(record.case)));
    const [inside, ...others] = groups;
    const all = { name: 'all', ids: others.flatMap(({ ids }) => ids) };
    return [...scores(inside?.ids ?? [])].flatMap(([role, of]) =>
      [...others, all].map(({ name, ids }) => ({
        arm: arm.name,
        role,
        perturbation: name,
        auroc: orNull(auroc(of, scores(ids).get(role) ?? [])),
      })),
    );
  });
  return { judgements, separations };
}
