// ood.md: what the suite found, for people.
import { markdownTable } from 'markdown-table';
import { show } from '../tables/tables.js';
import type { Judgement, Separation, Verdict, WorsePlan } from './judge.js';
import { PERTURBATIONS } from './perturbations.js';

function judgementTable(judgements: readonly Judgement[]): string {
  const head = [
    'arm',
    'perturbation',
    'plans',
    'refused by the optimizer',
    'detector fired',
    'worse than without advice',
    'worse and silent',
    'F_ref over that without advice, median / worst',
  ];
  const rows = judgements.map((of) => [
    ...[of.arm, of.perturbation, of.cases, of.refused, of.fired, of.worse, of.worseSilently].map(
      String,
    ),
    `${show(of.fRefRatio.median, 3)} / ${show(of.fRefRatio.worst, 3)}`,
  ]);
  return markdownTable([head, ...rows], { align: ['l', 'l', 'r', 'r', 'r', 'r', 'r', 'r'] });
}

function separationTable(separations: readonly Separation[]): string {
  const perturbations = [...PERTURBATIONS.map(({ name }) => name), 'all'];
  const whole = separations.filter(({ perturbation }) => perturbation === 'all');
  const rows = whole.map(({ arm, role, model, inside, outside }) => [
    role,
    model,
    arm,
    `${inside} / ${outside}`,
    ...perturbations.map((name) => {
      const of = separations.find(
        (one) => one.arm === arm && one.role === role && one.perturbation === name,
      );
      return show(of?.auroc, 2);
    }),
  ]);
  const head = ['learned role', 'model', 'arm', 'plans: as they are / perturbed'];
  return markdownTable([[...head, ...perturbations], ...rows]);
}

function count(judgements: readonly Judgement[], isPerturbed: boolean): string {
  const of = judgements.filter(({ perturbation }) => (perturbation !== 'none') === isPerturbed);
  const sum = (key: 'cases' | 'worse' | 'worseSilently') =>
    of.reduce((total, judgement) => total + judgement[key], 0);
  return `${sum('worse')} of ${sum('cases')} (${sum('worseSilently')} with no role held back)`;
}

/** The answer to the suite's question in a sentence, and every plan that speaks against it. */
function worseText(judgements: readonly Judgement[], worse: readonly WorsePlan[]): string {
  const sentence = `Plans with advice that are worse than the same plan without it by more than the margin: ${count(judgements, true)} of perturbed cases, ${count(judgements, false)} of cases as they are.`;
  const lines = worse.map(({ arm, case: id, fRefRatio, isFired }) => {
    const how = fRefRatio === null ? 'failed' : `F_ref times ${show(fRefRatio, 3)}`;
    return `- ${arm} on ${id}: ${how}, ${isFired ? 'a role was held back' : 'no role was held back'}`;
  });
  return [sentence, ...(lines.length > 0 ? [lines.join('\n')] : [])].join('\n\n');
}

/** `faults`: arms that could not run and plans that failed. */
export function oodText(verdict: Verdict, faults: readonly string[]): string {
  const { judgements, separations, worsePlans } = verdict;
  const text = [
    '# Out of distribution',
    'Each case as it is ("none") and perturbed, beside the same solver without advice. The detector must fire, or the plan must not be worse: F_ref within 1 %. Made by `npm run evaluate -- --ood`; do not edit.',
    worseText(judgements, worsePlans),
    judgementTable(judgements),
    '## How well the score tells perturbed cases from others',
    "AUROC of the model's highest score in a plan, by learned role; 0.5 is chance. Classical plugins have no score.",
    separationTable(separations),
    faults.map((fault) => `- ${fault}`).join('\n'),
  ];
  return `${text.join('\n\n').trimEnd()}\n`;
}
