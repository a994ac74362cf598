import type {
  ArmReport,
  EffectReport,
  ExperimentReport,
  ShadowReport,
} from '../../domain/experiments/experiment-report.js';
import { takesPlans } from '../ramp.js';
import { formatInterval, formatMargin, formatP, formatShare } from './format.js';

/** A table of a report, the same in Markdown and HTML. */
export interface ReportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function conclusionOf({ verdict, decidedAtPlans, kind, isDiscovery }: EffectReport): string {
  const words = kind === 'secondary' && verdict !== 'undecided' && !isDiscovery;
  const text = verdict === 'undecided' ? 'not decided' : `${verdict} (plan ${decidedAtPlans})`;
  return words ? `${text}, not among all secondary metrics together` : text;
}

function unusableOf({ unusable }: EffectReport): string {
  const parts = Object.entries(unusable).map(([arm, count]) => `${arm} ${count}`);
  return parts.join(', ');
}

function stateOf({ id, isStopped }: ArmReport, { experiment, ramp }: ExperimentReport): string {
  if (ramp.promotedArm === id) {
    const { overriddenDecision: decision } = ramp;
    return decision === undefined ? 'promoted' : `promoted against the decision \`${decision}\``;
  }
  if (isStopped) return 'stopped';
  return takesPlans(ramp) && experiment.state === 'running' ? 'takes units' : 'takes no units';
}

function shadowTable(shadows: readonly ShadowReport[]): ReportTable {
  const difference = ({ count, mean, max }: ShadowReport['difference']) =>
    count === 0 ? '' : `mean ${formatShare(mean)}, at most ${formatShare(max)}`;
  return {
    title: 'What shadow arms would have advised',
    head: [
      'shadow arm',
      'beside',
      'role',
      'plans',
      'questions',
      'the same',
      'difference of values',
      'outcomes',
      'stops',
      'late',
      'ms p50, most',
    ],
    rows: shadows.map((shadow) => [
      shadow.arm,
      shadow.served,
      shadow.role,
      `${shadow.plans}`,
      `${shadow.questions}`,
      shadow.questions === 0 ? '' : formatShare(shadow.agreed / shadow.questions),
      difference(shadow.difference),
      Object.entries(shadow.outcomes)
        .map(([outcome, count]) => `${outcome} ${count}`)
        .join(', '),
      shadow.role === 'early-stopping'
        ? `${shadow.stops.stages} stages, ${shadow.stops.iterationsAfter} iterations before they ended`
        : '',
      `${shadow.late}`,
      `${shadow.latencyMs.p50.toFixed(2)}, ${shadow.latencyMs.max.toFixed(1)}`,
    ]),
  };
}

function coverageTable({ shadowCoverage }: ExperimentReport): ReportTable {
  return {
    title: 'Plans of shadow arms',
    head: ['shadow arm', 'finished plans it was computed on', 'finished plans without it', 'why'],
    rows: shadowCoverage.map((coverage) => [
      coverage.arm,
      `${coverage.computed}`,
      `${coverage.missing}`,
      Object.entries(coverage.reasons)
        .map(([reason, count]) => `${reason} ${count}`)
        .join(', '),
    ]),
  };
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
        arm.isControl ? `${arm.id} (control)` : arm.id,
        `${arm.units}`,
        `${arm.finished}`,
        `${arm.lost}${losses(arm.lost, arm.finished)}`,
        `${arm.open}`,
        `${arm.forcedUnits}`,
        stateOf(arm, report),
      ]),
    },
    {
      title: 'Checks of the experiment',
      head: ['check', 'p at any analysis', 'result'],
      rows: [
        ['shares of the arms', formatP(checks.shares.pValue), shown(checks.shares.isFired)],
        ['lost sessions by arm', formatP(checks.losses.pValue), shown(checks.losses.isFired)],
      ],
    },
    {
      title: 'Effects',
      head: ['question', 'metric', 'arm', 'against control', 'margin', 'conclusion', 'no number'],
      rows: effects.map((effect) => [
        effect.kind,
        effect.metric.name,
        effect.arm,
        formatInterval(effect),
        formatMargin(effect),
        conclusionOf(effect),
        unusableOf(effect),
      ]),
    },
  ];
  if (report.shadowCoverage.length > 0) tables.push(coverageTable(report));
  if (report.shadows.length > 0) tables.push(shadowTable(report.shadows));
  const reasons = Object.entries(excluded);
  if (reasons.length > 0) {
    const rows = reasons.map(([reason, count]) => [reason, `${count}`]);
    tables.push({ title: 'Excluded units', head: ['reason', 'units'], rows });
  }
  return tables;
}

const SHADOW_NOTE =
  'Shadow arms were computed on the events of plans that other arms served. The table says what they would have advised there, not what would have become of the plans: it is no effect.';

/** Where reasons are explained; those that a database of before does not have are counted by the hosts that dropped the plans. */
function missingNote({ experiment, shadowCoverage }: ExperimentReport): readonly string[] {
  if (shadowCoverage.every(({ missing }) => missing === 0)) return [];
  const metric = `dh_advisor_experiment_shadow_sessions_total{experiment="${experiment.id}"}`;
  return [
    `Shadow arms were not computed on all finished plans. The table says why, such as no-processor where optimizers fill the host's processors (see shadows.max_wait_share in docs/experiments.md). What is unknown there, the label \`result\` of ${metric} on /metrics of the hosts may tell.`,
  ];
}

/** What a reader has to know beside the numbers. */
export function reportNotes(report: ExperimentReport): readonly string[] {
  const { experiment, analysedPlans, waitingPlans, repeatedPlans } = report;
  const { name, direction, scale } = experiment.primary;
  const compared = scale === 'ratio' ? 'ratios of geometric means' : 'differences of means';
  return [
    `Primary metric: ${name}, ${direction} is better; ${compared}. Intervals hold at all analyses together, so the experiment may be stopped whenever one likes.`,
    `${analysedPlans} plans take part. ${waitingPlans} ended ones wait for an earlier plan to end; ${repeatedPlans} later plans of units are left out.`,
    'Effects are of the plans that came; lost plans have no number, which is why their check comes first.',
    ...(report.shadows.length === 0 ? [] : [SHADOW_NOTE]),
    ...missingNote(report),
  ];
}
