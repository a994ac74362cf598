import Table from 'cli-table3';
import { HostError } from '../domain/errors/host-error.js';
import {
  exportJsonLines,
  exportSeedJson,
} from '../storage/recordings/parquet/export-trajectory.js';
import { queryTrajectories } from '../storage/recordings/parquet/query-trajectories.js';
import {
  listSessions,
  readAnyMetadata,
  type SessionEntry,
} from '../storage/recordings/parquet/read-trajectory.js';
import type { TrajectoryMetadata } from '../storage/recordings/parquet/trajectory-metadata.js';
import { plainTable } from './plain-table.js';

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toPrecision(6);
}

function stateWord({ state, metadata }: SessionEntry): string {
  if (state !== 'trajectory' || metadata === undefined) return state;
  return metadata.is_complete ? metadata.outcome : `${metadata.outcome}, incomplete`;
}

/** What `trajectory list` prints. @throws HostError `trajectory-missing`. */
export async function listTrajectories(directory: string, asJson: boolean): Promise<string> {
  const entries = await listSessions(directory);
  if (asJson) {
    return JSON.stringify(
      entries.map(({ sessionId, state, path, bytes, metadata }) => ({
        session_id: sessionId,
        state,
        path,
        bytes,
        outcome: metadata?.outcome ?? null,
        is_complete: metadata?.is_complete ?? false,
        patient_id: metadata?.patient_id ?? null,
        solver: metadata?.solver ?? null,
        stages: metadata?.stage_count ?? null,
        iterations: metadata?.iteration_count ?? null,
        reference_objective: metadata?.finish?.reference_objective ?? null,
      })),
    );
  }
  if (entries.length === 0) return `no trajectories in ${directory}`;
  const head = ['session', 'patient', 'solver', 'ended', 'stages', 'iterations', 'F_ref', 'MiB'];
  const table = new Table({ head, ...plainTable });
  for (const entry of entries) {
    const { metadata } = entry;
    table.push([
      entry.sessionId,
      metadata?.patient_id.slice(0, 8) || '-',
      metadata?.solver ?? '-',
      stateWord(entry),
      metadata?.stage_count ?? '-',
      metadata?.iteration_count ?? '-',
      figure(metadata?.finish?.reference_objective),
      megabytes(entry.bytes),
    ]);
  }
  return table.toString();
}

function structureTable(metadata: TrajectoryMetadata): string {
  const metrics = metadata.finish?.metrics ?? [];
  const names = [...new Set(metrics.map(({ name }) => name))];
  const table = new Table({ head: ['structure', 'role', 'cc', 'weight', ...names], ...plainTable });
  for (const structure of metadata.anatomy.structures) {
    const values = names.map((name) =>
      figure(
        metrics.find((metric) => metric.structure === structure.name && metric.name === name)
          ?.value,
      ),
    );
    const { name, role, volume_cc, objective_weight } = structure;
    table.push([name, role, figure(volume_cc), figure(objective_weight), ...values]);
  }
  return table.toString();
}

function rhythm(kind: string, everyN: number): string {
  if (everyN === 0) return `${kind}, once`;
  return everyN === 1 ? `${kind}, every iteration` : `${kind}, every ${everyN} iterations`;
}

function headOf(metadata: TrajectoryMetadata): string {
  const { finish } = metadata;
  const table = new Table(plainTable);
  const ending = metadata.is_complete ? '' : `, incomplete (${metadata.stop_cause ?? 'no ending'})`;
  const plugins = metadata.bindings
    .filter(({ plugin }) => plugin !== '')
    .map(
      (binding) =>
        `${binding.role}: ${binding.plugin} ${binding.plugin_version}${binding.model && `, ${binding.model}`}`,
    );
  const rows: readonly (readonly [string, string | number])[] = [
    ['session', metadata.session_id],
    ['patient', metadata.patient_id || '-'],
    ['plan', metadata.plan_id],
    ['client', `${metadata.client}, ${metadata.solver}, ${metadata.advice_mode}`],
    ['ended', `${metadata.outcome}${ending}`],
    ['plugins', plugins.join('\n') || '-'],
    ['recorded', metadata.recorded.map(({ kind, every_n }) => rhythm(kind, every_n)).join('\n')],
    ['stages', metadata.stage_count],
    ['iterations', metadata.iteration_count],
    ['call-equivalents', figure(finish?.call_equivalents)],
    ['final objective', figure(metadata.final_objective)],
    ['F_ref', figure(finish?.reference_objective)],
    ['torn bytes', metadata.torn_bytes],
  ];
  for (const [name, value] of rows) table.push([name, value]);
  return table.toString();
}

/** What `trajectory show` prints. @throws HostError `trajectory-missing`, `trajectory-invalid`. */
export async function showTrajectory(path: string, asJson: boolean): Promise<string> {
  const metadata = await readAnyMetadata(path);
  if (asJson) return JSON.stringify(metadata);
  return `${headOf(metadata)}\n${structureTable(metadata)}`;
}

/** What `trajectory query` prints, and what to tell the person beside it. */
export async function runQuery(
  sql: string,
  { directory, json = false }: { readonly directory: string; readonly json?: boolean },
): Promise<{ readonly text: string; readonly notice: string }> {
  const { columns, rows, leftOut } = await queryTrajectories(directory, sql);
  const notice =
    leftOut.length === 0
      ? ''
      : `left out, for they cannot be read or have not ended: ${leftOut.join(', ')}`;
  const objects = () =>
    rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
  if (json)
    return {
      text: objects()
        .map((row) => JSON.stringify(row))
        .join('\n'),
      notice,
    };
  const table = new Table({ head: [...columns], ...plainTable });
  for (const row of rows) table.push(row.map(cell));
  return { text: table.toString(), notice };
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export interface ExportOptions {
  readonly format: string;
  /** A file for jsonl, a folder for seed-json; undefined writes jsonl to standard output. */
  readonly out?: string | undefined;
  readonly onlyComplete?: boolean | undefined;
}

/** Exports a directory's trajectories. Returns what to tell the person. @throws HostError for a missing directory. */
export async function exportTrajectories(
  directory: string,
  options: ExportOptions,
): Promise<string> {
  const entries = await listSessions(directory);
  const chosen = entries.filter(
    ({ state, metadata }) =>
      state === 'trajectory' && (options.onlyComplete !== true || metadata?.is_complete === true),
  );
  if (options.format === 'jsonl') await exportJsonLines(chosen, options.out ?? process.stdout);
  else if (options.out === undefined) throw new HostError('export-needs-folder');
  else await exportSeedJson(chosen, options.out);
  const left = entries.length - chosen.length;
  return `${chosen.length} exported${left === 0 ? '' : `, ${left} left out`}`;
}
