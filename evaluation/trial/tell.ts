// What was found, as Markdown.
import type { BadArmResult } from './bad-arm.js';
import type { Comparison, PairedRatio } from './compare.js';
import type { ToldReport } from './evidence.js';
import type { TrialResult } from './trial.js';
import type { TwoHostsResult } from './two-hosts.js';
import type { Check } from './verify.js';

export interface Findings {
  trial?: TrialResult;
  direct?: Comparison;
  prepared?: Comparison;
  badArm?: BadArmResult;
  twoHosts?: TwoHostsResult;
}

type Row = readonly (string | number)[];

const table = (head: Row, rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const three = (value: number | null) => (value === null ? '-' : value.toFixed(3));
const interval = (low: number | null, high: number | null) => `${three(low)} to ${three(high)}`;

export const checksOf = ({ trial, badArm, twoHosts }: Findings): readonly Check[] =>
  [trial, badArm, twoHosts].flatMap((part) => part?.checks ?? []);

function tellTrial({ counts, hostKills, startsTaken, report }: TrialResult): string {
  const rows: Row[] = [
    ['plans, runs of the optimizer', `${counts.plans}, ${counts.optimizerRuns}`],
    ['hosts, optimizers killed', `${hostKills}, ${counts.optimizersKilled}`],
    ['plans whose host died under way', counts.plansWhoseHostDied],
    ['plans begun while there was no host', counts.plansWithoutHost],
    ['sessions', counts.sessions],
    ['units with several sessions', counts.unitsWithSeveralSessions],
    ...Object.entries(counts.arms).map(([id, arm]): Row => {
      const taken = startsTaken[`starts/${id}`] ?? 0;
      return [
        `arm ${id}: units; sessions finished, lost; starts taken`,
        `${arm.units}; ${arm.finished}, ${arm.lost}; ${taken}`,
      ];
    }),
    [
      'shares, losses: p',
      `${three(report.checks.shares.p_value)}, ${three(report.checks.losses.p_value)}`,
    ],
    ['decision', `${report.decision.kind}: ${report.decision.reason}`],
  ];
  return table(['old against new', ''], rows);
}

function effectRows(name: string, { effects }: ToldReport): readonly Row[] {
  return effects.map((effect) => [
    `${name}, ${effect.kind}`,
    effect.metric.name,
    effect.plans,
    three(effect.estimate),
    interval(effect.low, effect.high),
    effect.decided_at_plans === null
      ? effect.verdict
      : `${effect.verdict}, after ${effect.decided_at_plans} plans`,
  ]);
}

function directRows(name: string, of: Comparison): readonly Row[] {
  const row = (metric: string, { ratio, low, high, wins, losses }: PairedRatio): Row => [
    `directly, ${name}`,
    metric,
    `2 x ${of.plans}`,
    three(ratio),
    interval(low, high),
    `lower in ${wins}, higher in ${losses}`,
  ];
  return [
    row('call_equivalents', of.callEquivalents),
    row('reference_objective', of.referenceObjective),
    [
      `directly, ${name}`,
      "calls to old's F_ref + 1 %",
      `2 x ${of.plans}`,
      three(of.toOldEnd.ratio),
      `reached in ${of.toOldEnd.reached}`,
      `lower in ${of.toOldEnd.wins}, higher in ${of.toOldEnd.losses}`,
    ],
  ];
}

function tellBadArm(found: BadArmResult): string {
  return table(
    ['an arm made bad', ''],
    [
      ['plans made until it was stopped', found.plansUntilStop],
      ['of them served by it', found.servedBadly],
      ['its plans that came again, twice', found.unitsThatCameAgain],
      ['ramp', `${found.report.ramp.state}: ${found.report.ramp.reason}`],
    ],
  );
}

function tellTwoHosts({ units, servedByBoth, arms }: TwoHostsResult): string {
  const rows: Row[] = [
    ['units', units],
    ['served by both hosts', servedByBoth],
    ...Object.entries(arms).map(([arm, n]): Row => [`of them in ${arm}, by either host`, n]),
  ];
  return table(['two hosts, one PostgreSQL', ''], rows);
}

export function tell(found: Findings): string {
  const { trial, direct, prepared, badArm, twoHosts } = found;
  const effects = [
    ...(trial ? effectRows('experiment', trial.report) : []),
    ...(direct ? directRows('same options', direct) : []),
    ...(prepared ? directRows('prepared starts', prepared) : []),
    ...(badArm ? effectRows('bad arm', badArm.report) : []),
  ];
  const checks = checksOf(found).map(({ name, broken }) => [
    name,
    broken.length === 0 ? 'yes' : `NO: ${broken.slice(0, 5).join('; ')}`,
  ]);
  return [
    ...(trial ? [tellTrial(trial)] : []),
    table(['new over old', 'metric', 'plans', 'ratio', 'interval', ''], effects),
    ...(badArm ? [tellBadArm(badArm)] : []),
    ...(twoHosts ? [tellTwoHosts(twoHosts)] : []),
    table(['must hold', ''], checks),
  ].join('\n\n');
}
