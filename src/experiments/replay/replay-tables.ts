import { markdownTable } from 'markdown-table';
import type { ReportTable } from '../report/report-tables.js';
import { type ArmReplay, MINIMUM_SESSIONS, type StopEffectReport } from './arm-comparison.js';
import type { RoleAgreement, Spread } from './role-agreement.js';

const percent = (share: number | null, digits = 1) =>
  share === null ? '-' : `${(100 * share).toFixed(digits)} %`;

const figure = (value: number | null) => (value === null ? '-' : `${Number(value.toPrecision(3))}`);

function spread({ count, median, low, high }: Spread, show = figure): string {
  return count === 0 ? '-' : `${show(median)} (${show(low)} to ${show(high)}, ${count})`;
}

const change = (ratio: number | null) => {
  if (ratio === null) return '-';
  return `${ratio < 1 ? '-' : '+'}${(100 * Math.abs(ratio - 1)).toFixed(1)} %`;
};

const counts = (byName: Readonly<Record<string, number>>) =>
  Object.entries(byName)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || '-';

function agreementRow(role: RoleAgreement): readonly string[] {
  const { same, different, notRepeatable, unjudged, onlyNow } = role;
  return [
    role.role,
    role.servedBy,
    `${role.questions}`,
    `${same} (${percent(role.sameShare, 2)})`,
    `${role.sameKind} (${percent(role.sameKindShare, 2)})`,
    `${different}`,
    `${notRepeatable + unjudged}`,
    `${onlyNow}`,
    counts(role.outcomes),
    spread(role.relativeDistance),
    spread(role.sigmaRatio),
    counts(role.recordedVerdicts),
  ];
}

const AGREEMENT_HEAD = [
  'role',
  'served by',
  'questions',
  'same bits',
  'same kind',
  'different',
  'not repeatable',
  'only now',
  'outcomes',
  'relative distance of vectors',
  'sigma, new / recorded',
  'recorded verdicts',
];

function effectRows(stops: StopEffectReport): readonly (readonly string[])[] {
  const { plans, savedIterations, recordedIterations, costRatio, low, high } = stops;
  const share = recordedIterations === 0 ? null : savedIterations / recordedIterations;
  const interval =
    low === null || high === null
      ? `an interval takes ${MINIMUM_SESSIONS} plans`
      : `95 %: ${change(low)} to ${change(high)}`;
  return [
    ['plans it is told of', `${plans}`],
    ['plans it can not be told of', counts(stops.unpredictable)],
    ['iterations not made', `${savedIterations} of ${recordedIterations} (${percent(share)})`],
    ['call-equivalents not spent', figure(stops.savedCallEquivalents)],
    ['call-equivalents a plan, geometric mean', `${change(costRatio)} (${interval})`],
    [
      'objective given away, worst stage of a plan',
      spread(stops.objectiveLoss, (loss) => percent(loss, 3)),
    ],
    ['first stop, new less recorded iteration', spread(stops.stopDelay)],
  ];
}

/** Columns that say nothing in any row are left out: the table has to fit a terminal. */
function withoutIdle(head: readonly string[], rows: readonly (readonly string[])[]) {
  const isTold = (_: string, column: number) =>
    column < 5 || rows.some((row) => row[column] !== '-' && row[column] !== '0');
  return { head: head.filter(isTold), rows: rows.map((row) => row.filter(isTold)) };
}

/** All of a replay that is a table. */
export function replayTables(replay: ArmReplay): readonly ReportTable[] {
  const { roles, stops, differences, unable, incomplete, isRecorded } = replay;
  const tables: ReportTable[] = [
    {
      title: isRecorded ? 'Answers, bit for bit' : 'Agreement with the recorded answers',
      ...withoutIdle(AGREEMENT_HEAD, roles.map(agreementRow)),
    },
  ];
  if (stops !== undefined) {
    const title = 'Predicted effect of the other stops';
    tables.push({ title, head: ['figure', 'value'], rows: effectRows(stops) });
  }
  if (isRecorded && differences.length > 0) {
    tables.push({
      title: 'First difference of each session',
      head: ['session', 'event', 'role', 'what', 'recorded', 'replayed'],
      rows: differences.map((difference) => [
        difference.session,
        difference.event,
        difference.role,
        difference.what,
        difference.recorded,
        difference.replayed,
      ]),
    });
  }
  const named = [
    ...unable.map(({ session, reason }) => [session, 'not replayed', reason]),
    ...incomplete.map(({ session, reason }) => [session, 'as far as it goes', reason]),
  ];
  if (named.length > 0) {
    const head = ['session', 'replayed', 'because'];
    tables.push({ title: 'Sessions that are not whole', head, rows: named });
  }
  return tables;
}

/** The result in a sentence. */
export function replaySummary(replay: ArmReplay): string {
  const { arm, sessions, events, differentSessions, unable, incomplete, isRecorded } = replay;
  const left = [
    ...(unable.length > 0 ? [`${unable.length} can not be replayed`] : []),
    ...(incomplete.length > 0 ? [`${incomplete.length} only as far as their recordings go`] : []),
  ].join(', ');
  const counted = `${arm}: ${sessions} session(s), ${events} events${left && `; ${left}`}`;
  if (!isRecorded) return `${counted}.`;
  if (sessions === 0) return `${counted}. Nothing was compared.`;
  return differentSessions === 0
    ? `${counted}. Every answer that can be repeated is the recorded one, bit for bit.`
    : `${counted}. ${differentSessions} session(s) answer differently from what was recorded.`;
}

/** What a reader has to know beside the numbers. */
export function replayNotes({ isRecorded, roles, stops, notes }: ArmReplay): readonly string[] {
  const lines = [...notes];
  if (roles.some(({ notRepeatable }) => notRepeatable > 0)) {
    lines.push(
      'Not repeatable: missed deadlines, full queues, models that failed to run, and roles that other plans had switched off. Their recorded outcome was used; differences after one of them in the same session are not judged.',
    );
  }
  if (isRecorded) return lines;
  lines.push(
    'Recorded events followed the recorded advice. Other advice would have led to other events, so agreement says how far versions say the same when asked the same, not which plan would have been better; an experiment says that.',
  );
  if (stops !== undefined) {
    lines.push(
      'The effect of a stop is read off the recorded iterations behind it, as if the optimizer had taken the first stop of each stage and later stages had cost the same. It holds neither what a worse stage costs the next one nor F_ref.',
    );
  }
  if (roles.some(({ role }) => role !== 'early-stopping')) {
    lines.push(
      'Of starts, sigmas, variances and directions no effect is predicted: only a run of the optimizer tells it.',
    );
  }
  return lines;
}

/** Replays as Markdown. */
export function markdownReplay(replays: readonly ArmReplay[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return replays
    .flatMap((replay) => [
      `# Replay: ${replay.arm}`,
      '',
      replaySummary(replay),
      '',
      ...replayTables(replay).flatMap(({ title, head, rows }) => [
        `## ${title}`,
        '',
        markdownTable([[...head], ...rows.map((row) => row.map(cell))]),
        '',
      ]),
      ...replayNotes(replay).map((note) => `- ${note}`),
      '',
    ])
    .join('\n');
}
