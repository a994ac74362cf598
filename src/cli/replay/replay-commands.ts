import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { packagePaths } from '../../composition/package-paths.js';
import { ReplayHost } from '../../composition/replay-host.js';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { RecordedPlan } from '../../domain/replay/replay.js';
import { isDue } from '../../domain/session/recording.js';
import { ArmComparison, type ArmReplay } from '../../experiments/replay/arm-comparison.js';
import {
  markdownReplay,
  replayNotes,
  replaySummary,
  replayTables,
} from '../../experiments/replay/replay-tables.js';
import type { ActiveRole } from '../../host/plugins/active-set.js';
import { rolesAsRecorded } from '../../host/replay/replay-plan.js';
import type { Role, WantedTensor } from '../../plugin-sdk/index.js';
import {
  findJournals,
  type JournalEntry,
  readJournal,
} from '../../storage/recordings/journal/read-journal.js';
import { asJson } from '../as-json.js';
import { plainTable } from '../plain-table.js';
import {
  configuredArm,
  experimentArm,
  RECORDED,
  type ReplayArm,
  recordedArm,
  setFor,
  typedArm,
} from './replay-arms.js';

export interface ReplayOptions {
  /** Names plugins, models and experiments; the one that comes with the host by default. */
  readonly config?: string | undefined;
  readonly arm?: readonly string[] | undefined;
  readonly set?: readonly string[] | undefined;
  readonly with?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
  readonly markdown?: boolean | undefined;
}

export interface ReplayResult {
  readonly text: string;
  /** Whether recorded arms answer as recorded, and every arm had something to answer. */
  readonly isSound: boolean;
}

function reasonOf(thrown: unknown): string {
  return HostError.is(thrown) && thrown.code === 'replay-unable'
    ? String(thrown.params['problem'])
    : describeThrown(thrown);
}

/** Whether a recording has a tensor as often as a plugin wants it. */
function has(recorded: readonly WantedTensor[], { kind, everyN }: WantedTensor): boolean {
  if (everyN === 0) return isDue(recorded, kind, undefined);
  return isDue(recorded, kind, everyN) && isDue(recorded, kind, 2 * everyN);
}

/** What a role wants and the recording lacks. One that served then saw all it wanted: nothing, where it declined the plan. */
function lacking(plan: RecordedPlan, { loaded }: ActiveRole): readonly string[] {
  const kept = [...plan.recorded, ...plan.basis.wanted];
  return (loaded?.wants ?? [])
    .filter((want) => plan.plan.offers.includes(want.kind) && !has(kept, want))
    .map(({ kind }) => kind);
}

/** Sends one session through an arm. @throws HostError `replay-arm`: the arm itself is at fault */
async function replayOne(arm: ReplayArm, plan: RecordedPlan, into: ArmComparison): Promise<void> {
  const set = await setFor(arm, plan);
  const servedBy = new Map<Role, string>();
  const asRecorded = rolesAsRecorded(plan, set);
  const gaps: string[] = [];
  for (const active of set.roles) {
    const { role, binding, loaded } = active;
    if (arm.roles !== undefined && arm.roles[role] === undefined) continue;
    const isAsRecorded = asRecorded.has(role);
    const missing = isAsRecorded ? [] : lacking(plan, active);
    if (missing.length > 0) gaps.push(`${role} wants ${missing.join(' and ')}, not recorded`);
    else if (loaded === undefined) servedBy.set(role, 'off');
    else {
      const { plugin, pluginVersion, model } = binding;
      servedBy.set(role, [`${plugin} ${pluginVersion}`, model].filter(Boolean).join(', '));
      const isExact = loaded.wants.every((want) => has(plan.basis.wanted, want));
      if (!isAsRecorded && !isExact)
        into.note(`${role} sees vectors in single precision in some sessions.`);
    }
  }
  if (servedBy.size === 0) {
    into.unable(plan.sessionId, gaps.join('; ') || 'nothing is to be served');
    return;
  }
  for (const gap of gaps) into.note(`Left out in some sessions: ${gap}.`);
  if (plan.seed === undefined) {
    into.note(
      'Seeds are sealed and the secret of the recordings is not here: plugins that use random numbers may differ.',
    );
  }
  const comparison = into.session(plan, servedBy);
  const answers = arm.host.replay(plan, set);
  try {
    for (const step of plan.steps) {
      if (step.kind !== 'event') comparison.add(step, undefined);
      else {
        const { value } = await answers.next();
        if (value !== undefined) comparison.add(step, value);
      }
    }
    // Ends the session.
    await answers.next();
    comparison.end();
  } catch (thrown) {
    comparison.end(reasonOf(thrown));
  } finally {
    await answers.return(undefined);
  }
}

function rendered(replay: ArmReplay): string {
  const tables = replayTables(replay).flatMap(({ title, head, rows }) => {
    const table = new Table({ head: [...head], ...plainTable });
    for (const row of rows) table.push([...row]);
    return [title, table.toString()];
  });
  return [replaySummary(replay), ...tables, ...replayNotes(replay)].join('\n');
}

async function findAll(paths: readonly string[]): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (const path of paths) entries.push(...(await findJournals(path)));
  if (entries.length === 0) throw new HostError('replay-nothing', { path: paths.join(', ') });
  return entries;
}

function armsOf(options: ReplayOptions, open: (file: string) => ReplayHost): readonly ReplayArm[] {
  const ownConfig = join(packagePaths().root, 'config/host.yaml');
  const { arm = [], set = [], with: files = [] } = options;
  const host = open(options.config ?? ownConfig);
  const arms = [
    ...arm.map((text) => experimentArm(host, text)),
    ...(set.length > 0 ? [typedArm(host, set)] : []),
    ...files.map((file) => configuredArm(open(file), file)),
  ];
  return arms.length === 0 ? [recordedArm(host)] : arms;
}

/** What `dh-advisor replay` prints. @throws HostError `trajectory-missing`, `replay-nothing`, `replay-arm`, `config-invalid` */
export async function replay(
  paths: readonly string[],
  options: ReplayOptions,
): Promise<ReplayResult> {
  const hosts: ReplayHost[] = [];
  const open = (file: string) => {
    const host = new ReplayHost(file);
    hosts.push(host);
    return host;
  };
  // Silent unless a person watches.
  const bar = new SingleBar({ format: '{bar} {value}/{total} sessions, {eta_formatted} left' });
  try {
    const arms = armsOf(options, open);
    const entries = await findAll(paths);
    const comparisons = arms.map(({ name }) => new ArmComparison(name, name === RECORDED));
    bar.start(entries.length, 0);
    for (const entry of entries) {
      await replayEverywhere(entry, arms, comparisons);
      bar.increment();
    }
    bar.stop();
    const replays = comparisons.map((comparison) => comparison.report());
    const isSound = replays.every(
      ({ sessions, isRecorded, differentSessions }) =>
        sessions > 0 && (!isRecorded || differentSessions === 0),
    );
    return { text: textOf(replays, options), isSound };
  } finally {
    bar.stop();
    for (const host of hosts) await host.dispose();
  }
}

async function replayEverywhere(
  entry: JournalEntry,
  arms: readonly ReplayArm[],
  comparisons: readonly ArmComparison[],
): Promise<void> {
  const sessionOf = { plan: undefined as RecordedPlan | undefined, problem: '' };
  try {
    sessionOf.plan = readJournal(entry, process.env);
  } catch (thrown) {
    sessionOf.problem = reasonOf(thrown);
  }
  const { plan, problem } = sessionOf;
  for (const [index, arm] of arms.entries()) {
    const into = comparisons[index];
    if (into === undefined) continue;
    if (plan === undefined) into.unable(entry.sessionId, problem);
    else {
      try {
        await replayOne(arm, plan, into);
      } catch (thrown) {
        if (!HostError.is(thrown) || thrown.code === 'replay-arm') throw thrown;
        into.unable(entry.sessionId, reasonOf(thrown));
      }
    }
  }
}

function textOf(replays: readonly ArmReplay[], { json, markdown }: ReplayOptions): string {
  if (json) return asJson(replays);
  return markdown ? markdownReplay(replays).trimEnd() : replays.map(rendered).join('\n\n');
}
