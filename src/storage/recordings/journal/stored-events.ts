import type { Binding, Outcome } from '../../../domain/advice/advice.js';
import {
  type AdviceParts,
  advicePartsOf,
  type ReplayBasis,
} from '../../../domain/replay/replay.js';
import type { CloseReason, Reply, RoleReceipt } from '../../../domain/session/advisor.js';
import type { FinishPictures, PlanFinish } from '../../../domain/session/plan-finish.js';
import type { PlanOpening } from '../../../domain/session/plan-opening.js';
import { isDue } from '../../../domain/session/recording.js';
import type { SessionObserver } from '../../../domain/session/session-observer.js';
import type {
  IterationRecord,
  LevelEnd,
  LevelStart,
  PlanView,
  ReadonlyVector,
  Role,
  StructureGeometry,
  TensorKind,
  Tensors,
  VolumeKind,
  WantedTensor,
} from '../../../plugin-sdk/index.js';
import { iterationOf } from '../../../plugin-sdk/internal/event-tensors.js';
import type { VectorToStore, VectorType } from './recording-format.js';
import type { StopCause } from './recording-log.js';

/** First record: everything known when the session opened. Keys are pseudonyms. */
export interface StartHeader {
  /** 2 can be replayed if `replay` is there; 1 holds no values of advice. */
  readonly format: 1 | 2;
  readonly sessionId: string;
  readonly patientId: string;
  readonly planId: string;
  readonly client: string;
  readonly adviceMode: PlanOpening['adviceMode'];
  readonly generation: number;
  readonly bindings: readonly Binding[];
  readonly recorded: readonly WantedTensor[];
  readonly plan: PlanView;
  /** Undefined when the recording is for training alone. */
  readonly replay?: StoredBasis | undefined;
}

export interface StoredBasis extends ReplayBasis {
  /** The session's seed, which is a hash of the plan's key, under the secret of the recordings. */
  readonly sealedSeed: number;
}

export interface GeometryHeader {
  readonly structures: readonly StructureGeometry[];
}

export type LevelStartHeader = Omit<LevelStart, 'kind' | 'tensors'>;

/** A piece of advice; its vectors lie beside it as `ROLE.NAME`. */
export interface AdviceHeader {
  readonly role: Role;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly score: number;
  readonly latencyUs: number;
  /** Undefined without a value, or in recordings that are not for replay. */
  readonly fields?: AdviceParts['fields'] | undefined;
}

export interface AnswerHeader {
  readonly about: 'geometry' | 'level' | 'iteration';
  readonly advices: readonly AdviceHeader[];
}

/** Pictures are for those who watch, and are not kept. */
export type FinishHeader = Omit<PlanFinish, 'kind' | 'finalWeights' | keyof FinishPictures>;

export interface ClosedHeader {
  readonly outcome: CloseReason;
  readonly stopCause: StopCause | undefined;
}

/** Kind of a record -> its header. */
export interface HeaderByKind {
  readonly start: StartHeader;
  readonly geometry: GeometryHeader;
  readonly 'level-start': LevelStartHeader;
  readonly iteration: IterationRecord;
  readonly 'level-end': Omit<LevelEnd, 'kind'>;
  readonly answer: AnswerHeader;
  readonly receipt: Omit<RoleReceipt, 'kind'>;
  readonly finish: FinishHeader;
  /** A volume came; its content is never kept. */
  readonly volume: { readonly volumeKind: VolumeKind };
  readonly resumed: Readonly<Record<string, never>>;
  readonly closed: ClosedHeader;
}

export type RecordKind = keyof HeaderByKind;

/** A record before it is encoded. */
export interface RecordToStore<Kind extends RecordKind = RecordKind> {
  readonly kind: Kind;
  readonly header: HeaderByKind[Kind];
  readonly vectors: readonly VectorToStore[];
}

/** What is kept of the tensors of an event. */
export interface RetentionPolicy {
  /** In single precision, for training. */
  readonly recorded: readonly WantedTensor[];
  /** With every bit, for plugins saw them; undefined when nothing is kept for replay. */
  readonly exact: readonly WantedTensor[] | undefined;
}

/** The least that keeps every bit. */
function exactType(data: ReadonlyVector): VectorType {
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i] ?? 0;
    if (Math.fround(value) !== value) return 'float64';
  }
  return 'float32';
}

function vectorsOf(
  tensors: Tensors,
  { recorded, exact }: RetentionPolicy,
  iteration?: number,
): readonly VectorToStore[] {
  return Object.entries(tensors).flatMap(([name, { shape, data }]) => {
    const kind = name as TensorKind;
    if (exact !== undefined && isDue(exact, kind, iteration)) {
      return [{ name, shape, data, type: exactType(data) }];
    }
    return isDue(recorded, kind, iteration)
      ? [{ name, shape, data, type: 'float32' as const }]
      : [];
  });
}

/** What is kept of an event; undefined for volumes, unless it is to be known that they came. */
export function recordOf(
  event: Parameters<SessionObserver['event']>[0],
  retention: RetentionPolicy,
): RecordToStore | undefined {
  switch (event.kind) {
    case 'volume': {
      const { volumeKind } = event;
      return retention.exact && { kind: 'volume', header: { volumeKind }, vectors: [] };
    }
    case 'level-end': {
      const { kind, ...header } = event;
      return { kind, header, vectors: [] };
    }
    case 'finish': {
      const { kind, finalWeights, curves, slices, unadvised, ...header } = event;
      const vectors: VectorToStore[] =
        finalWeights === undefined ? [] : [{ name: 'weights', type: 'float64', ...finalWeights }];
      return { kind, header, vectors };
    }
    default: {
      const { kind, tensors, ...header } = event;
      return { kind, header, vectors: vectorsOf(tensors, retention, iterationOf(event)) };
    }
  }
}

/** What is kept of an answer: what became of each question and, for replay, what was said, with every bit. */
export function answerOf(reply: Reply, hasValues: boolean): RecordToStore | undefined {
  if (reply.kind === 'summary') return undefined;
  const vectors: VectorToStore[] = [];
  const advices = Object.values(reply.advices).flatMap((advice): readonly AdviceHeader[] => {
    if (advice === undefined) return [];
    const { role, outcome, reason, outOfDistributionScore: score, latencyUs, value } = advice;
    const header = { role, outcome, reason, score, latencyUs };
    if (!hasValues || value === undefined) return [header];
    const parts = advicePartsOf(value);
    for (const [name, data] of parts.vectors) {
      vectors.push({ name: `${role}.${name}`, shape: [data.length], type: 'float64', data });
    }
    return [{ ...header, fields: parts.fields }];
  });
  if (advices.length === 0 && !hasValues) return undefined;
  return { kind: 'answer', header: { about: reply.kind, advices }, vectors };
}
