import { markdownTable } from 'markdown-table';
import type { RatioSummary } from '../measures/beside-alone.js';
import { isOutside } from '../measures/margins.js';
import { BUDGETS, GAPS_PERCENT, type Measures } from '../measures/measures.js';
import { writeWhole } from '../write-whole.js';
import type { Provenance } from './provenance.js';
import type { ArmSummary, Summary } from './summarize.js';

type Cell = string | number;
type Columns = Readonly<Record<string, (arm: ArmSummary, name: string) => Cell>>;

/** Null is what was never reached or not measured. */
export function show(value: number | null | undefined, digits = 0): string {
  return value === null || value === undefined ? '-' : value.toFixed(digits);
}

const spreadOf = (
  { median, p95, worst }: { median: number | null; p95: number | null; worst: number | null },
  digits = 0,
) => `${show(median, digits)} / ${show(p95, digits)} / ${show(worst, digits)}`;

const interval = ([low, high]: readonly (number | null)[], digits = 0) =>
  `${show(low, digits)} to ${show(high, digits)}`;

function rows(head: readonly string[], body: readonly (readonly Cell[])[]): string {
  const align = head.map((_, index) => (index === 0 ? 'l' : 'r'));
  return markdownTable([head, ...body.map((row) => row.map(String))] as string[][], { align });
}

function table(title: string, note: string, summary: Summary, columns: Columns): string {
  const body = Object.entries(summary.arms).map(([name, arm]) => [
    name,
    ...Object.values(columns).map((cell) => cell(arm, name)),
  ]);
  return `## ${title}\n\n${note}\n\n${rows(['arm', ...Object.keys(columns)], body)}\n`;
}

const SPREAD = 'median / 95th percentile / worst';

function costTable(summary: Summary): string {
  return table(
    `Cost to ${summary.reference}'s own F_ref + 1 %`,
    `Call-equivalents, ${SPREAD}, with the bootstrap 95 % interval of the median. A patient who never gets there counts as costing more than any other; "-" is never.`,
    summary,
    {
      reached: ({ reached, patients }) => `${reached}/${patients}`,
      'call-equivalents': (arm) =>
        spreadOf({
          median: arm.medianCallEquivalents,
          p95: arm.p95CallEquivalents,
          worst: arm.worstCallEquivalents,
        }),
      '95 %': ({ ci95 }) => interval(ci95),
      [`over ${summary.reference}`]: ({ againstReference }) => show(againstReference.median, 3),
    },
  );
}

function ownStopTable(summary: Summary): string {
  return table(
    'Each arm at its own stop',
    `${SPREAD}. F* is the lowest F_ref of any run of the patient, the long ones included.`,
    summary,
    {
      'call-equivalents': ({ ownStop }) => spreadOf(ownStop),
      iterations: ({ iterations }) => spreadOf(iterations),
      [`F_ref / ${summary.reference}'s`]: ({ fRefRatio }) => spreadOf(fRefRatio, 3),
      'F_ref / F*': ({ fRefOverBest }) => spreadOf(fRefOverBest, 3),
      failed: ({ failed }) => failed,
    },
  );
}

const ratioOf = (of: RatioSummary | undefined) =>
  of === undefined ? '-' : `${spreadOf(of, 2)} (${interval(of.ci95, 2)})`;

function besideTable(summary: Summary): string {
  const { reference, timesFrom } = summary;
  return table(
    `The whole plan, over ${reference} patient by patient`,
    `Each plan to its solver's own end, ${SPREAD} (95 % interval of the median). Calls count by the voxels of their level over those of the finest. CPU is the optimizer's process, taken while ${timesFrom === 'timing' ? 'one plan ran at a time' : 'counting, where plans may have shared the cores'}. F_ref within 1 % is neither better nor worse. dH's own F may be below zero.`,
    summary,
    {
      'voxel-weighted calls': ({ besideReference: of }) => ratioOf(of.voxelWeightedCalls),
      CPU: ({ besideReference: of }) => ratioOf(of.cpu),
      'CPU above': ({ besideReference: of }) => `${of.cpu.above}/${of.patients}`,
      'own F': ({ besideReference: of }) => ratioOf(of.ownF),
      F_ref: ({ besideReference: of }) => ratioOf(of.fRef),
      'better / worse': ({ besideReference: of }) => `${of.better} / ${of.worse}`,
    },
  );
}

function bestTable(summary: Summary): string {
  const columns = GAPS_PERCENT.flatMap((gap) => [
    [
      `reached ${gap} %`,
      ({ toBest, patients }: ArmSummary) => `${toBest[gap]?.reached}/${patients}`,
    ],
    [
      `calls to ${gap} %`,
      ({ toBest }: ArmSummary) => {
        const cost = toBest[gap];
        return cost ? `${spreadOf(cost)} (${interval(cost.ci95)})` : '-';
      },
    ],
  ]) as [string, (arm: ArmSummary) => Cell][];
  return table(
    'Cost to come within 5, 1 and 0.1 % of F*',
    `Call-equivalents, ${SPREAD} (95 % interval of the median).`,
    summary,
    Object.fromEntries(columns),
  );
}

function budgetTable(summary: Summary): string {
  return table(
    'Quality at fixed budgets',
    `F_ref / F* of the plan that stands after so many call-equivalents, ${SPREAD}.`,
    summary,
    Object.fromEntries(
      BUDGETS.map((budget) => [
        budget,
        ({ fRefOverBestAtBudget: at }: ArmSummary) => {
          const spread = at[budget];
          return spread ? spreadOf(spread, 2) : '-';
        },
      ]),
    ),
  );
}

function pairedTable(summary: Summary): string {
  return table(
    `Against the best classical arm, ${summary.bestClassical ?? 'none'}`,
    `Patient by patient, cost to ${summary.reference}'s F_ref + 1 % over that of the best classical arm; ties are within 1 %.`,
    summary,
    {
      ratio: ({ againstBestClassical: of }) => (of ? spreadOf(of, 2) : '-'),
      '95 % of the median': ({ againstBestClassical: of }) => (of ? interval(of.ci95, 2) : '-'),
      'win / tie / loss': ({ againstBestClassical: of }) =>
        of ? `${of.win} / ${of.tie} / ${of.loss}` : '-',
      'more than 10 % worse': ({ againstBestClassical: of }) => of?.moreThanTenPercentWorse ?? '-',
    },
  );
}

function roleTable({ roles }: Summary): string {
  if (roles.length === 0) return '';
  const body = roles.map(({ solver, role, others, cost, fRefRatio }) => [
    `${solver}, ${role}`,
    others,
    `${spreadOf(cost, 2)} (${interval(cost.ci95, 2)})`,
    `${cost.win} / ${cost.tie} / ${cost.loss}`,
    spreadOf(fRefRatio, 3),
  ]);
  const head = [
    'role',
    'beside',
    'cost over its absence',
    'win / tie / loss',
    'F_ref over its absence',
  ];
  return `## Each learned role against its absence\n\nAll else held fixed; a role must win both ways to be on by default. ${SPREAD}.\n\n${rows(head, body)}\n`;
}

function marginTable(summary: Summary): string {
  return table(
    `Patients outside a non-inferiority margin against ${summary.reference}`,
    'Each arm at its own stop. A lower F_ref may trade one structure for another, so each margin is counted alone, too. The changes are those of the worst structure of each patient; more is worse.',
    summary,
    {
      any: ({ outsideMargins, outside, patients, failed }) =>
        `${outsideMargins}/${patients - failed}${outside.dosesKnown === 0 ? ' (F_ref only)' : ''}`,
      'F_ref +1 %': ({ outside }) => outside.fRef,
      'target D95 -0.5 %': ({ outside }) => outside.targetD95,
      'organ mean +0.5 Gy': ({ outside }) => outside.organMean,
      'organ D0.1cc +0.5 Gy': ({ outside }) => outside.organD01cc,
      'D95 loss %': ({ doseChange }) => spreadOf(doseChange.targetD95LossPercent, 1),
      'organ mean Gy': ({ doseChange }) => spreadOf(doseChange.organMeanGy, 1),
      'organ D0.1cc Gy': ({ doseChange }) => spreadOf(doseChange.organD01ccGy, 1),
    },
  );
}

function timeTable(summary: Summary, { timingRepeats }: Provenance): string {
  const from =
    summary.timesFrom === 'timing'
      ? `Medians of ${timingRepeats} repeats, one plan at a time, deadlines as configured; arms that are only run to learn from them are timed once, while counting.`
      : 'Taken while counting, where plans may have shared the cores: no basis for a claim; run with --timing 5.';
  const goal = `to ${summary.reference} + 1 %`;
  return table('Milliseconds of a plan', `${from} Model load apart. ${SPREAD}.`, summary, {
    [goal]: ({ toReferenceMs }) => spreadOf(toReferenceMs),
    [`${goal}, over the best classical`]: ({ toReferenceMs: { overBestClassical: of } }) =>
      of ? `${spreadOf(of, 2)} (${interval(of.ci95, 2)})` : '-',
    'end to end': ({ ms }) => (ms.total ? spreadOf(ms.total) : '-'),
    objective: ({ ms }) => show(ms.objective?.median),
    covariance: ({ ms }) => show(ms.covariance?.median),
    advice: ({ ms }) => show(ms.advice?.median),
    'of that waiting': ({ ms }) => show(ms.waited?.median),
    'of that in the host': ({ ms }) => show(ms.host?.median),
    'end to end over the best classical': ({ msAgainstBestClassical: of }) =>
      of ? `${spreadOf(of, 2)} (${interval(of.ci95, 2)})` : '-',
  });
}

function adviceTable(summary: Summary): string {
  const body = Object.entries(summary.arms).flatMap(([name, { advice }]) =>
    Object.entries(advice).map(([role, of]) => [
      name,
      role,
      of.received,
      of.accepted,
      of.refused,
      Object.entries(of.outcomes)
        .map(([outcome, count]) => `${outcome} ${count}`)
        .join(', '),
    ]),
  );
  if (body.length === 0) return '';
  const head = ['arm', 'role', 'received', 'accepted', 'refused', 'outcomes in the host'];
  return `## What became of advice\n\nCounts over all plans.\n\n${rows(head, body)}\n`;
}

function patientTable(summary: Summary, measures: readonly Measures[]): string {
  const names = Object.keys(summary.arms);
  const ids = [...new Set(measures.map((of) => of.case))];
  const body = ids.map((id) => [
    id,
    ...names.map((name) => {
      const of = measures.find((measured) => measured.arm === name && measured.case === id);
      if (!of || of.isFailed) return 'failed';
      const cost = Number.isFinite(of.toReference) ? show(of.toReference) : '-';
      return `${cost}, ${show(of.fRefRatio, 3)}${isOutside(of.outside) ? ' !' : ''}`;
    }),
  ]);
  return `## Patient by patient\n\nCall-equivalents to ${summary.reference}'s F_ref + 1 %, final F_ref / ${summary.reference}'s; "!" outside a margin.\n\n${rows(['case', ...names], body)}\n`;
}

function missing({ unavailable, failures, leftOut, withoutReference }: Provenance): string {
  const lines = [
    ...unavailable.map(({ arm, reason }) => `- ${arm}: unavailable: ${reason}`),
    ...failures.map(({ arm, case: id, message }) => `- ${arm} on ${id}: failed: ${message}`),
    ...withoutReference.map((id) => `- ${id}: not compared: the reference arm has no plan of it`),
    ...leftOut.map(({ id, reason }) => `- ${id}: left out: ${reason}`),
  ];
  return lines.length === 0 ? '' : `## What is missing\n\n${lines.join('\n')}\n`;
}

/** Every table of an evaluation as Markdown. */
export function tablesOf(
  summary: Summary,
  about: Provenance,
  measures: readonly Measures[],
): string {
  const plan = about.planOptions.join(' ');
  return [
    `# Evaluation\n\n${about.cases.length} cases, \`${plan}\`. Made by \`npm run evaluate\` from runs.jsonl; do not edit.\n`,
    costTable(summary),
    pairedTable(summary),
    roleTable(summary),
    ownStopTable(summary),
    besideTable(summary),
    bestTable(summary),
    budgetTable(summary),
    marginTable(summary),
    timeTable(summary, about),
    adviceTable(summary),
    patientTable(summary, measures),
    missing(about),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

export function writeTables(
  file: string,
  summary: Summary,
  about: Provenance,
  measures: readonly Measures[],
): void {
  writeWhole(file, tablesOf(summary, about, measures));
}
