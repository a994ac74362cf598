import Table from 'cli-table3';
import { servedName } from '../domain/advice/advice.js';
import { answerCounts } from '../domain/advice/answer-counts.js';
import type { HostStatus } from '../domain/operations/host-status.js';
import type { ModelState } from '../domain/operations/models.js';
import type {
  ChangeReport,
  GenerationRecord,
  RefusedChange,
  SettingDifference,
} from '../domain/operations/operations.js';
import type { PluginState } from '../domain/operations/role-board.js';
import type { SessionState } from '../domain/session/session-registry.js';
import { plainTable } from './plain-table.js';

/** What the operators' commands print for people. */

type Cell = string | number;

function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({ head: [...head], ...plainTable });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function when(atMs: number): string {
  return new Date(atMs).toISOString().replace('T', ' ').replace(/\..*$/, 'Z');
}

function value(setting: unknown): string {
  return setting === undefined ? '(absent)' : JSON.stringify(setting);
}

export function differenceLine({ path, before, after }: SettingDifference): string {
  return `${path}: ${value(before)} -> ${value(after)}`;
}

export function statusText(status: HostStatus): string {
  const { state, version, generation, openSessions, uptimeMs, stopped, roles } = status;
  const counted = ['answered', 'nothing to say', 'held back'];
  const head = ['role', 'plugin', 'version', 'model', 'breaker', ...counted];
  const table = tableOf(
    head,
    roles.map(({ binding, breaker, outcomes, isHealthy }) => {
      const { answered, nothingToSay, heldBack } = answerCounts(outcomes);
      return [
        servedName(binding),
        binding.plugin || (isHealthy ? 'off' : 'refused'),
        binding.pluginVersion,
        binding.model,
        breaker,
        answered,
        nothingToSay,
        heldBack,
      ];
    }),
  );
  const stop =
    stopped === undefined
      ? ''
      : `\nADVICE IS STOPPED since ${when(stopped.sinceMs)} by ${stopped.who}: ${stopped.why}`;
  return (
    `dh-advisor ${version}, ${state} for ${duration(uptimeMs)}, generation ${generation}, ` +
    `${openSessions} open plan(s)${stop}\n${table}`
  );
}

export function pluginsText(plugins: readonly PluginState[]): string {
  return tableOf(
    ['plugin', 'version', 'role', 'stability', 'runs', 'restarts', 'state', 'reason'],
    plugins.map(({ isolation, restarts, lastEnd, ...plugin }) => [
      plugin.id,
      plugin.version,
      plugin.role ?? '',
      plugin.stability,
      isolation,
      isolation === 'process' ? String(restarts) : '',
      plugin.state,
      plugin.reason || lastEnd,
    ]),
  );
}

export function modelsText(models: readonly ModelState[]): string {
  if (models.length === 0) return 'no models';
  return tableOf(
    ['model', 'version', 'labels', 'state', 'runs', 'ms', 'reason'],
    models.map(({ id, version, labels, state, placement, costMs, reason }) => [
      id,
      version,
      labels.join(', '),
      state,
      placement ?? '',
      costMs?.toFixed(3) ?? '',
      reason,
    ]),
  );
}

export function sessionsText(sessions: readonly SessionState[]): string {
  if (sessions.length === 0) return 'no open plans';
  return tableOf(
    ['session', 'client', 'generation', 'level', 'stage', 'iteration', 'objective', 'open for'],
    sessions.map((session) => [
      session.sessionId,
      session.client,
      session.generation,
      session.level,
      session.stage,
      session.iteration,
      session.objective.toPrecision(6),
      duration(session.ageMs),
    ]),
  );
}

export function generationsText(generations: readonly GenerationRecord[]): string {
  if (generations.length === 0) return 'no generations are kept';
  return tableOf(
    ['generation', 'when', 'who', 'via', 'what', 'why', 'differences'],
    generations.map(({ generation, atMs, who, via, what, why, differences }) => [
      generation,
      when(atMs),
      who,
      via,
      what,
      why,
      differences.map(differenceLine).join('\n'),
    ]),
  );
}

export function refusalsText(refusals: readonly RefusedChange[]): string {
  if (refusals.length === 0) return 'no change was refused';
  return tableOf(
    ['when', 'who', 'via', 'what', 'code', 'problem'],
    refusals.map(({ atMs, who, via, what, code, problem }) => [
      when(atMs),
      who,
      via,
      what,
      code,
      problem,
    ]),
  );
}

export function reportText(report: ChangeReport, isDryRun: boolean): string {
  const { generation, isApplied, differences, needsRestart } = report;
  const lines = differences.map((difference) => `  ${differenceLine(difference)}`);
  const first = isApplied
    ? `generation ${generation} is in force for plans that open from now on`
    : isDryRun && differences.length > 0
      ? `this would be in force; a dry run, so generation ${generation} stays`
      : `nothing differs; generation ${generation} stays`;
  const restart =
    needsRestart.length === 0 ? [] : [`takes effect at the next start: ${needsRestart.join(', ')}`];
  return [first, ...lines, ...restart].join('\n');
}
