// Did the detector fire, and if not, was the plan no worse than without advice? And how well do scores tell cases apart?
import { mean } from 'simple-statistics';
import { type Arm, aloneArm } from '../arms/arms.js';
import { F_REF_MARGIN } from '../measures/outcomes.js';
import { orNull, type Spread, spread } from '../measures/statistics.js';
import type { EvaluationCase } from '../runs/cases.js';
import type { RunRecord } from '../runs/run-record.js';
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

export interface Judgement {
  readonly arm: string;
  /** `none`: the cases as they are. */
  readonly perturbation: string;
  /** Plans that could be made without advice. */
  readonly cases: number;
  /** Cases that can't be planned without advice either: the optimizer itself refuses them. */
  readonly refused: number;
  /** Plans in which at least one role was held back as out of distribution. */
  readonly fired: number;
  /** Plans that ended above the margin of F_ref, or failed where the one without advice did not. */
  readonly worse: number;
  /** What must not be: worse, and nothing fired. */
  readonly worseSilently: number;
  readonly fRefRatio: Spread;
  readonly scores: Readonly<Record<string, Spread>>;
}

/** Of a role that a model serves: classical plugins have no score. */
export interface Separation {
  readonly arm: string;
  readonly role: string;
  /** `id/version` of the model. */
  readonly model: string;
  /** `all`: every perturbed case. */
  readonly perturbation: string;
  /** Plans with a score, as they are and perturbed. */
  readonly inside: number;
  readonly outside: number;
  readonly auroc: number | null;
}

/** A plan that ended above the margin of F_ref, or that failed with advice only. */
export interface WorsePlan {
  readonly arm: string;
  readonly case: string;
  /** F_ref over that without advice; null when the plan failed. */
  readonly fRefRatio: number | null;
  /** Whether a role was held back as out of distribution. */
  readonly isFired: boolean;
}

export interface Verdict {
  readonly judgements: readonly Judgement[];
  readonly separations: readonly Separation[];
  readonly worsePlans: readonly WorsePlan[];
}

const hasFired = (record: RunRecord): boolean =>
  (record.result.advice.session?.outcomes ?? []).some(
    ({ outcome, count }) => outcome === 'out-of-distribution' && count > 0,
  );

/** Models by the role they served. */
const modelsOf = ({ result }: RunRecord): ReadonlyMap<string, string> =>
  new Map(
    result.advice.bindings
      .filter(({ model }) => model !== '')
      .map(({ role, model }) => [role, model]),
  );

/** The highest score of each plan, by learned role. */
function scoresOf(records: readonly RunRecord[]): ReadonlyMap<string, readonly number[]> {
  const scores = new Map<string, number[]>();
  for (const record of records) {
    const models = modelsOf(record);
    const hosted = record.result.advice.session?.hosted ?? [];
    for (const { role, highest_out_of_distribution_score } of hosted) {
      if (!models.has(role)) continue;
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

interface Pair {
  readonly id: string;
  readonly advised: RunRecord | undefined;
  /** F_ref over that without advice; infinite when the plan failed. */
  readonly ratio: number;
}

/** The plans of an arm beside those without advice; what can't be planned without advice has no pair. */
function pairsOf(arm: Arm, ids: readonly string[], records: readonly RunRecord[]): readonly Pair[] {
  const find = (name: string, id: string) =>
    records.find((record) => record.arm === name && record.case === id);
  return ids.flatMap((id) => {
    const alone = find(aloneArm(arm.solver), id);
    if (alone === undefined) return [];
    const advised = find(arm.name, id);
    const ratio = advised
      ? advised.result.reference_objective / alone.result.reference_objective
      : Number.POSITIVE_INFINITY;
    return [{ id, advised, ratio }];
  });
}

const isWorse = ({ ratio }: Pair): boolean => !(ratio <= F_REF_MARGIN);
const isFired = ({ advised }: Pair): boolean => advised !== undefined && hasFired(advised);

function separationsOf(
  arm: Arm,
  groups: ReturnType<typeof groupsOf>,
  records: readonly RunRecord[],
): readonly Separation[] {
  const own = records.filter((record) => record.arm === arm.name);
  const recordsOf = (ids: readonly string[]) => own.filter((record) => ids.includes(record.case));
  const [asTheyAre, ...perturbed] = groups;
  const known = recordsOf(asTheyAre?.ids ?? []);
  const models = new Map(own.flatMap((record) => [...modelsOf(record)]));
  const all = { name: 'all', ids: perturbed.flatMap(({ ids }) => ids) };
  return [...models].flatMap(([role, model]) =>
    [...perturbed, all].map(({ name, ids }) => {
      const inside = scoresOf(known).get(role) ?? [];
      const outside = scoresOf(recordsOf(ids)).get(role) ?? [];
      return {
        arm: arm.name,
        role,
        model,
        perturbation: name,
        inside: inside.length,
        outside: outside.length,
        auroc: orNull(auroc(inside, outside)),
      };
    }),
  );
}

export function judge(
  arms: readonly Arm[],
  cases: readonly EvaluationCase[],
  perturbed: readonly EvaluationCase[],
  records: readonly RunRecord[],
): Verdict {
  const groups = groupsOf(cases);
  const wanted = new Set([...cases, ...perturbed].map(({ id }) => id));
  const judgements = arms.flatMap((arm) =>
    groups.map(({ name, ids }): Judgement => {
      const pairs = pairsOf(arm, ids, records);
      const advised = pairs.flatMap((pair) => (pair.advised ? [pair.advised] : []));
      return {
        arm: arm.name,
        perturbation: name,
        cases: pairs.length,
        refused: ids.filter((id) => wanted.has(id)).length - pairs.length,
        fired: pairs.filter(isFired).length,
        worse: pairs.filter(isWorse).length,
        worseSilently: pairs.filter((pair) => isWorse(pair) && !isFired(pair)).length,
        fRefRatio: spread(pairs.map(({ ratio }) => ratio)),
        scores: Object.fromEntries([...scoresOf(advised)].map(([role, of]) => [role, spread(of)])),
      };
    }),
  );
  const worsePlans = arms.flatMap((arm) =>
    groups
      .flatMap(({ ids }) => pairsOf(arm, ids, records))
      .filter(isWorse)
      .map((pair) => ({
        arm: arm.name,
        case: pair.id,
        fRefRatio: orNull(pair.ratio),
        isFired: isFired(pair),
      })),
  );
  const separations = arms.flatMap((arm) => separationsOf(arm, groups, records));
  return { judgements, separations, worsePlans };
}
