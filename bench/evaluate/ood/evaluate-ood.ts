import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { armNamed } from '../arms.js';
import type { EvaluationCase } from '../cases.js';
import type { EvaluationOptions } from '../evaluate.js';
import { type Failure, RunMaker } from '../make-runs.js';
import { show } from '../tables.js';
import { type Judgement, judge, type Separation, withoutAdvice } from './judge.js';
import { perturbCase } from './perturb-case.js';
import { PERTURBATIONS } from './perturbations.js';

function judgementTable(judgements: readonly Judgement[]): string {
  const head = [
    ...['arm', 'perturbation', 'plans', 'refused by the optimizer', 'detector fired'],
    ...[
      'worse than without advice',
      'worse and silent',
      'F_ref over that without advice, median / worst',
    ],
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
  const keys = [...new Set(separations.map(({ arm, role }) => `${arm}, ${role}`))];
  const rows = keys.map((key) => [
    key,
    ...perturbations.map((name) =>
      show(
        separations.find((of) => `${of.arm}, ${of.role}` === key && of.perturbation === name)
          ?.auroc,
        2,
      ),
    ),
  ]);
  return markdownTable([['arm, role', ...perturbations], ...rows]);
}

/** Plans cases as they are and perturbed, with each advised arm and without advice. Returns how many runs failed. */
export async function evaluateOod(
  options: EvaluationOptions,
  report: (line: string) => void,
): Promise<number> {
  const advised = options.arms.filter(
    ({ roles }) => roles === 'as-configured' || Object.keys(roles).length > 0,
  );
  if (advised.length === 0) throw new Error('--ood needs an arm with advice; give one in --arms');
  const out = join(options.out, 'ood');
  if (options.isFresh) rmSync(out, { recursive: true, force: true });
  const perturbed: EvaluationCase[] = [];
  for (const perturbation of PERTURBATIONS) {
    for (const [index, of] of options.cases.entries()) {
      const made = await perturbCase(of, index, perturbation, join(out, 'cases'));
      if (made) perturbed.push(made);
      else report(`${of.id}: ${perturbation.name} does not apply`);
    }
  }
  const alone = [...new Set(advised.map(withoutAdvice))].map(armNamed);
  const arms = [...new Set([...alone, ...advised])];
  const cases = [...options.cases, ...perturbed];
  const runs = await new RunMaker(
    { ...options, arms, cases, out, timingRepeats: 0 },
    report,
  ).make();
  const off = new Set(runs.unavailable.map(({ arm }) => arm));
  const judged = advised.filter(({ name }) => !off.has(name));
  const { judgements, separations } = judge(judged, options.cases, perturbed, runs.records);
  const document = {
    judgements,
    separations,
    failures: runs.failures,
    unavailable: runs.unavailable,
  };
  writeFileSync(join(out, 'ood.json'), `${JSON.stringify(document, null, 1)}\n`);
  // What can't be planned without advice either is no fault of the advice, and is named in the document.
  const broken = new Set(
    alone.flatMap(({ name }) => runs.failures.filter((of) => of.arm === name).map((of) => of.case)),
  );
  const isTold = ({ arm, case: id }: Failure) =>
    !broken.has(id) || alone.some(({ name }) => name === arm);
  const text = [
    '# Out of distribution',
    'Each case as it is ("none") and perturbed, beside the same solver without advice. The detector must fire, or the plan must not be worse: F_ref within 1 %. Made by `npm run evaluate -- --ood`; do not edit.',
    judgementTable(judgements),
    '## How well the score tells perturbed cases from others',
    'AUROC of the highest score of a plan, by role; 0.5 is chance.',
    separationTable(separations),
    ...runs.unavailable.map(({ arm, reason }) => `- ${arm}: unavailable: ${reason}`),
    ...runs.failures
      .filter(isTold)
      .map(({ arm, case: id, message }) => `- ${arm} on ${id}: failed: ${message}`),
  ];
  writeFileSync(join(out, 'ood.md'), `${text.join('\n\n')}\n`);
  report(`${join(out, 'ood.md')}, ${join(out, 'ood.json')}`);
  return runs.failures.filter((of) => !broken.has(of.case)).length;
}
