import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HostError } from '../../../domain/errors/host-error.js';
import type { RecordedAdvice, RecordedPlan, RecordedStep } from '../../../domain/replay/replay.js';
import type { PlanEvent } from '../../../domain/session/advisor.js';
import { NO_PICTURES } from '../../../domain/session/plan-finish.js';
import type { Role, Tensor, TensorKind, Tensors } from '../../../plugin-sdk/index.js';
import { findSecret, sealSeed } from '../../pseudonyms.js';
import { listSessions } from '../parquet/read-trajectory.js';
import { ITERATIONS_FILE, JOURNAL_FILE } from '../trajectory-paths.js';
import { decodeRecording, type ReadRecording, type StoredRecord } from './recording-format.js';
import type { AnswerHeader, HeaderByKind, RecordKind, StartHeader } from './stored-events.js';

/** Where the recording of a session lies. */
export interface JournalEntry {
  readonly sessionId: string;
  readonly path: string;
}

/**
 * The sessions behind a path: a recordings folder, a trajectory's folder, or a `.recording`. Those that can't be replayed are among
 * them; reading them says why. @throws HostError `trajectory-missing`
 */
export async function findJournals(path: string): Promise<readonly JournalEntry[]> {
  if (!existsSync(path)) throw new HostError('trajectory-missing', { path });
  if (!statSync(path).isDirectory()) {
    const name = basename(path);
    const sessionId = basename(name === JOURNAL_FILE ? dirname(path) : path, '.recording');
    return [{ sessionId, path: name.endsWith('.parquet') ? journalOf(dirname(path)) : path }];
  }
  if (existsSync(join(path, ITERATIONS_FILE)) || existsSync(journalOf(path))) {
    return [{ sessionId: basename(path), path: journalOf(path) }];
  }
  return (await listSessions(path)).map(({ sessionId, path: inner }) => ({
    sessionId,
    path: statSync(inner).isDirectory() ? journalOf(inner) : inner,
  }));
}

function journalOf(folder: string): string {
  return join(folder, JOURNAL_FILE);
}

function doubles(data: Float32Array | Float64Array): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data);
}

function tensorsOf({ vectors }: StoredRecord): Tensors {
  const tensors: Partial<Record<TensorKind, Tensor>> = {};
  for (const [kind, { shape, data }] of vectors) {
    tensors[kind as TensorKind] = { shape, data: doubles(data) };
  }
  return tensors as Tensors;
}

type ReplayedEvent = Exclude<PlanEvent, { readonly kind: 'volume' }>;

/** The event as the optimizer sent it; undefined for records of another kind. */
function recordedEvent(record: StoredRecord): ReplayedEvent | undefined {
  const as = <Kind extends RecordKind>(_: Kind) => record.header as HeaderByKind[Kind];
  const tensors = tensorsOf(record);
  const kind = record.kind as RecordKind;
  switch (kind) {
    case 'geometry':
      return { kind, ...as(kind), tensors };
    case 'level-start':
      return { kind, ...as(kind), tensors };
    case 'iteration':
      return { kind, ...as(kind), tensors };
    case 'level-end':
      return { kind, ...as(kind) };
    case 'finish':
      return { kind, ...as(kind), ...NO_PICTURES, finalWeights: tensors.weights };
    default:
      return undefined;
  }
}

function answerOf({ header, vectors }: StoredRecord): ReadonlyMap<Role, RecordedAdvice> {
  const { advices } = header as AnswerHeader;
  return new Map(
    advices.map(({ role, outcome, reason, score, fields }) => {
      const prefix = `${role}.`;
      const inner = [...vectors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { data }]) => [name.slice(prefix.length), doubles(data)] as const);
      const value = fields && { fields, vectors: new Map(inner) };
      return [role, { role, outcome, reason, score, value }];
    }),
  );
}

/** What an answer is about -> the event that asked. */
const EVENT_OF = { geometry: 'geometry', level: 'level-start', iteration: 'iteration' } as const;

function stepsOf(records: readonly StoredRecord[]): readonly RecordedStep[] {
  const steps: RecordedStep[] = [];
  for (const record of records) {
    const event = recordedEvent(record);
    const last = steps.at(-1);
    if (event !== undefined) {
      steps.push({ kind: 'event', atMs: record.atMs ?? 0, event, answer: undefined });
    } else if (record.kind === 'answer' && last?.kind === 'event') {
      // Hosts before this one wrote a late answer of a broken stream behind the next event.
      if (EVENT_OF[(record.header as AnswerHeader).about] !== last.event.kind) continue;
      steps[steps.length - 1] = { ...last, answer: answerOf(record) };
    } else if (record.kind === 'receipt') {
      steps.push({ kind: 'receipt', ...(record.header as HeaderByKind['receipt']) });
    } else if (record.kind === 'resumed') steps.push({ kind: 'resumed' });
  }
  return steps;
}

function refuse(sessionId: string, problem: string): never {
  throw new HostError('replay-unable', { session: sessionId, problem });
}

function read(sessionId: string, path: string): ReadRecording {
  if (!existsSync(path)) refuse(sessionId, 'no journal was kept (recording.keep_journal)');
  return decodeRecording(readFileSync(path)) ?? refuse(sessionId, 'the file is no recording');
}

/** What is missing from a recording, in words. */
function missingOf(
  tornBytes: number,
  closed: HeaderByKind['closed'] | undefined,
  isFinished: boolean,
): string | undefined {
  if (tornBytes > 0) return `${tornBytes} bytes at its end are torn or damaged`;
  if (closed === undefined) return 'it has no end: the session runs, or its host died';
  if (closed.stopCause !== undefined) return `the recording stopped early (${closed.stopCause})`;
  return isFinished ? undefined : `the session did not finish (${closed.outcome})`;
}

/** @throws HostError `replay-unable` when nothing of the session can be replayed. */
export function readJournal(
  { sessionId, path }: JournalEntry,
  environment: NodeJS.ProcessEnv,
): RecordedPlan {
  const { records, tornBytes } = read(sessionId, path);
  const [first, ...rest] = records;
  if (first?.kind !== 'start') refuse(sessionId, 'it has no readable beginning');
  const start = first.header as StartHeader;
  if (start.format !== 1 && start.format !== 2) {
    refuse(sessionId, `its format is ${start.format}, this program reads 1 and 2`);
  }
  if (start.replay === undefined) {
    const why = start.format === 1 ? 'an earlier version wrote it' : 'it was recorded for training';
    refuse(sessionId, `${why}, without the values of advice (recording.keep_journal)`);
  }
  const { sealedSeed, ...basis } = start.replay;
  const directory = dirname(basename(path) === JOURNAL_FILE ? dirname(path) : path);
  const secret = findSecret(directory, environment);
  const headersOf = <Kind extends RecordKind>(kind: Kind) =>
    rest.filter((record) => record.kind === kind).map(({ header }) => header as HeaderByKind[Kind]);
  const closed = headersOf('closed').at(-1);
  return {
    sessionId: start.sessionId,
    planId: start.planId,
    client: start.client,
    adviceMode: start.adviceMode,
    plan: start.plan,
    bindings: start.bindings,
    basis,
    recorded: start.recorded,
    seed: secret === undefined ? undefined : sealSeed(secret, start.sessionId, sealedSeed),
    volumes: [...new Set(headersOf('volume').map(({ volumeKind }) => volumeKind))],
    steps: stepsOf(rest),
    missing: missingOf(tornBytes, closed, headersOf('finish').length > 0),
    outcome: closed?.outcome,
  };
}
