import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { aloneArm, armNamed } from '../arms/arms.js';
import type { EvaluationOptions } from '../evaluation-options.js';
import type { EvaluationCase } from '../runs/cases.js';
import { type Failure, RunMaker } from '../runs/make-runs.js';
import { writeWhole } from '../write-whole.js';
import { judge } from './judge.js';
import { oodText } from './ood-text.js';
import { perturbCase } from './perturb-case.js';
import { PERTURBATIONS } from './perturbations.js';

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
  const alone = [...new Set(advised.map(({ solver }) => aloneArm(solver)))].map(armNamed);
  const arms = [...new Set([...alone, ...advised])];
  const cases = [...options.cases, ...perturbed];
  const runs = await new RunMaker(
    { ...options, arms, cases, out, timingRepeats: 0 },
    report,
  ).make();
  const off = new Set(runs.unavailable.map(({ arm }) => arm));
  const judged = advised.filter(({ name }) => !off.has(name));
  const verdict = judge(judged, options.cases, perturbed, runs.records);
  const document = { ...verdict, failures: runs.failures, unavailable: runs.unavailable };
  writeWhole(join(out, 'ood.json'), `${JSON.stringify(document, null, 1)}\n`);
  // What can't be planned without advice either is no fault of the advice, and is named in the document.
  const broken = new Set(
    alone.flatMap(({ name }) => runs.failures.filter((of) => of.arm === name).map((of) => of.case)),
  );
  const isTold = ({ arm, case: id }: Failure) =>
    !broken.has(id) || alone.some(({ name }) => name === arm);
  const faults = [
    ...runs.unavailable.map(({ arm, reason }) => `${arm}: unavailable: ${reason}`),
    ...runs.failures
      .filter(isTold)
      .map(({ arm, case: id, message }) => `${arm} on ${id}: failed: ${message}`),
  ];
  writeWhole(join(out, 'ood.md'), oodText(verdict, faults));
  report(`${join(out, 'ood.md')}, ${join(out, 'ood.json')}`);
  return runs.failures.filter((of) => !broken.has(of.case)).length;
}
