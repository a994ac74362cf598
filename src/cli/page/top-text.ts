import Table from 'cli-table3';
import { servedName } from '../../domain/advice/advice.js';
import type { HostStatus } from '../../http/api.js';
import { plainTable } from '../plain-table.js';
import type { LivePlans, TerminalPlan } from './live-plans.js';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const SPARK = 14;
const LABEL = 28;

/** Clients call themselves anything; nothing of it may act on the terminal. */
export function printable(text: string, longest = LABEL): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1)}…`;
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(3)));
}

function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (part: number) => String(part).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** The curve on a scale of decades, in one word. */
export function spark(objectives: readonly (number | null)[]): string {
  const logs = objectives.flatMap((value) =>
    value !== null && value > 0 ? [Math.log(value)] : [],
  );
  if (logs.length < 2) return '';
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const count = Math.min(SPARK, logs.length);
  return Array.from({ length: count }, (_, k) => {
    const value = logs[Math.round((k * (logs.length - 1)) / (count - 1))] ?? low;
    const level = high > low ? Math.round((7 * (value - low)) / (high - low)) : 0;
    return BARS[level] ?? '';
  }).join('');
}

function stateOf({ standing }: TerminalPlan['summary']): string {
  return standing.kind === 'unadvised'
    ? `unadvised: ${printable(standing.why, 40)}`
    : standing.kind;
}

function rowOf({ summary, objectives }: TerminalPlan, sentAtMs: number): readonly string[] {
  const { label, sessionId, solver, prediction, roles, level, stage } = summary;
  const isEnded = summary.standing.kind === 'ended';
  const until = isEnded ? summary.updatedAtMs : Math.max(sentAtMs, summary.updatedAtMs);
  const toEnd = prediction?.toEnd ?? null;
  const used = roles.reduce((sum, role) => sum + role.used, 0);
  const all = roles.reduce((sum, role) => sum + role.used + role.notUsed, 0);
  return [
    printable(label) || sessionId.slice(0, 8),
    stateOf(summary),
    printable(solver, 16),
    stage === null ? '-' : `${stage}, level ${level}`,
    spark(objectives),
    String(summary.iterations),
    figure(summary.objective),
    figure(prediction?.value),
    toEnd === null ? '-' : `${toEnd.iterations} it, ${span(toEnd.ms)}`,
    span(until - summary.openedAtMs),
    all === 0 ? '-' : `${figure((100 * used) / all)} %`,
  ];
}

function head(status: HostStatus, open: number): readonly string[] {
  const { version, generation, stop, roles, state } = status;
  const lines = [`dh-advisor ${version}, ${state}, generation ${generation}, ${open} open`];
  if (stop !== null) {
    const who = printable(stop.who, 60);
    lines.push(`ADVICE IS STOPPED by ${who}: ${printable(stop.why, 100)}`);
  }
  const unwell = roles.filter(({ health }) => health !== 'ok' && health !== 'off');
  for (const { role, solver, health, why } of stop === null ? unwell : []) {
    lines.push(`${servedName({ role, solver: solver ?? undefined })} is ${health}: ${why}`);
  }
  return lines;
}

/** What `dh-advisor top` shows; at most `rows` plans, open ones first. */
export function topText(live: LivePlans, rows: number): string {
  const { status, sentAtMs } = live;
  if (status === undefined) return 'connecting…';
  const plans = live.plans();
  const open = plans.filter(({ summary }) => summary.standing.kind !== 'ended').length;
  const lines = head(status, open);
  if (plans.length === 0) {
    return [...lines, `no plan; optimizers call ${status.address}`].join('\n');
  }
  const titles = ['plan', 'state', 'solver', 'stage', 'curve', 'iterations', 'objective'];
  const table = new Table({
    head: [...titles, 'predicted', 'to go', 'elapsed', 'used'],
    ...plainTable,
  });
  for (const plan of plans.slice(0, rows)) table.push([...rowOf(plan, sentAtMs)]);
  const left = plans.length - rows;
  return [...lines, table.toString(), ...(left > 0 ? [`${left} more`] : [])].join('\n');
}
