import type { EffectReport, ExperimentReport } from '../../domain/experiment-report.js';
import { formatInterval, formatMargin, formatP } from './words.js';

/** A table of a report, the same in Markdown and HTML. */
export interface ReportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function verdictOf({ verdict, decidedAtPlans, kind, isDiscovery }: EffectReport): string {
  const words = kind === 'secondary' && verdict !== 'undecided' && !isDiscovery;
  const text = verdict === 'undecided' ? 'not decided' : `${verdict} (plan ${decidedAtPlans})`;
  return words ? `${text}, not among all secondary metrics together` : text;
}

function unusableOf({ unusable }: EffectReport): string {
  const parts = Object.entries(unusable).map(([arm, count]) => `${arm} ${count}`);
  return parts.join(', ');
}

/** Everything of a report that is a table. */
export function reportTables(report: ExperimentReport): readonly ReportTable[] {
  const { arms, effects, checks, excluded } = report;
  const losses = (lost: number, finished: number) =>
    lost + finished === 0 ? '' : ` (${((100 * lost) / (lost + finished)).toFixed(1)} %)`;
  const shown = (isFired: boolean) => (isFired ? 'FIRED' : 'quiet');
  const tables: ReportTable[] = [
    {
      title: 'Arms',
      head: ['arm', 'units', 'finished', 'lost', 'open', 'forced', 'state'],
      rows: arms.map((arm) => [
        ...[arm.isControl ? `${arm.id} (control)` : arm.id, `${arm.units}`, `${arm.finished}`],
        ...[`${arm.lost}${losses(arm.lost, arm.finished)}`, `${arm.open}`, `${arm.forcedUnits}`],
        arm.isStopped ? 'stopped' : 'takes units',
      ]),
    },
    {
      title: 'Checks of the experiment',
      head: ['check', 'p at any look', 'result'],
      rows: [
        ['shares of the arms', formatP(checks.shares.pValue), shown(checks.shares.isFired)],
        ['lost sessions by arm', formatP(checks.losses.pValue), shown(checks.losses.isFired)],
      ],
    },
    {
      title: 'Effects',
      head: ['question', 'metric', 'arm', 'against control', 'margin', 'verdict', 'no number'],
      rows: effects.map((effect) => [
        ...[effect.kind, effect.metric.name, effect.arm, formatInterval(effect)],
        ...[formatMargin(effect), verdictOf(effect), unusableOf(effect)],
      ]),
    },
  ];
  const reasons = Object.entries(excluded);
  if (reasons.length > 0) {
    const rows = reasons.map(([reason, count]) => [reason, `${count}`]);
    tables.push({ title: 'Excluded units', head: ['reason', 'units'], rows });
  }
  return tables;
}

/** What a reader has to know beside the numbers. */
export function reportNotes(report: ExperimentReport): readonly string[] {
  const { experiment, analysedPlans, waitingPlans, repeatedPlans } = report;
  const { name, direction, scale } = experiment.primary;
  const compared = scale === 'ratio' ? 'ratios of geometric means' : 'differences of means';
  return [
    `Primary metric: ${name}, ${direction} is better; ${compared}. Intervals hold at all looks together, so the experiment may be stopped whenever one likes.`,
    `${analysedPlans} plans take part. ${waitingPlans} ended ones wait for an earlier plan to end; ${repeatedPlans} later plans of units are left out.`,
    'Effects are of the plans that came; lost plans have no number, which is why their check comes first.',
  ];
}
