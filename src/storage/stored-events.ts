import type { Binding, Outcome } from '../domain/advice.js';
import type { CloseReason, DoseMetric, PlanFinish, Reply, RoleReceipt } from '../domain/advisor.js';
import type { PlanOpening } from '../domain/plan-opening.js';
import type { SessionFollower } from '../domain/ports.js';
import type {
  IterationRecord,
  LevelEnd,
  LevelStart,
  PlanView,
  Role,
  StructureGeometry,
  Tensors,
  WantedTensor,
} from '../plugin-sdk/index.js';
import type { VectorToStore } from './recording-format.js';
import type { StopCause } from './recording-log.js';

/** First record: everything known when the session opened. Keys are pseudonyms. */
export interface StartFacts {
  readonly format: 1;
  readonly sessionId: string;
  readonly patientId: string;
  readonly planId: string;
  readonly client: string;
  readonly adviceMode: PlanOpening['adviceMode'];
  readonly generation: number;
  readonly bindings: readonly Binding[];
  readonly recorded: readonly WantedTensor[];
  readonly plan: PlanView;
}

export interface GeometryFacts {
  readonly structures: readonly StructureGeometry[];
}

export type LevelStartFacts = Omit<LevelStart, 'tensors'>;

/** A piece of advice without its vectors. */
export interface AdviceFacts {
  readonly role: Role;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly score: number;
  readonly latencyUs: number;
}

export interface AnswerFacts {
  readonly about: 'geometry' | 'level' | 'iteration';
  readonly advices: readonly AdviceFacts[];
}

export interface FinishFacts extends Omit<PlanFinish, 'finalWeights' | 'metrics'> {
  readonly metrics: readonly DoseMetric[];
}

export interface ClosedFacts {
  readonly outcome: CloseReason;
  readonly stopCause: StopCause | undefined;
}

/** Kind of a record -> its facts. */
export interface FactsByKind {
  readonly start: StartFacts;
  readonly geometry: GeometryFacts;
  readonly 'level-start': LevelStartFacts;
  readonly iteration: IterationRecord;
  readonly 'level-end': LevelEnd;
  readonly answer: AnswerFacts;
  readonly receipt: RoleReceipt;
  readonly finish: FinishFacts;
  readonly resumed: Readonly<Record<string, never>>;
  readonly closed: ClosedFacts;
}

export type RecordKind = keyof FactsByKind;

/** A record before it is encoded. */
export interface RecordToStore<Kind extends RecordKind = RecordKind> {
  readonly kind: Kind;
  readonly facts: FactsByKind[Kind];
  readonly vectors: readonly VectorToStore[];
}

function vectorsOf(tensors: Tensors): readonly VectorToStore[] {
  return Object.entries(tensors).map(([name, { shape, data }]) => ({
    ...{ name, shape, data },
    type: 'float32',
  }));
}

/** What is kept of an event; undefined for volumes. */
export function recordOf(
  event: Parameters<SessionFollower['event']>[0],
): RecordToStore | undefined {
  switch (event.kind) {
    case 'volume':
      return undefined;
    case 'geometry': {
      const { structures, tensors } = event.geometry;
      return { kind: 'geometry', facts: { structures }, vectors: vectorsOf(tensors) };
    }
    case 'level-start': {
      const { tensors, ...facts } = event.levelStart;
      return { kind: 'level-start', facts, vectors: vectorsOf(tensors) };
    }
    case 'iteration': {
      const { tensors, ...facts } = event.iteration;
      return { kind: 'iteration', facts, vectors: vectorsOf(tensors) };
    }
    case 'level-end':
      return { kind: 'level-end', facts: event.levelEnd, vectors: [] };
    case 'finish': {
      const { finalWeights, ...facts } = event.finish;
      const vectors: VectorToStore[] =
        finalWeights === undefined ? [] : [{ name: 'weights', type: 'float64', ...finalWeights }];
      return { kind: 'finish', facts, vectors };
    }
  }
}

/** What is kept of an answer: what became of each question, not the vectors. */
export function answerOf(reply: Reply): RecordToStore | undefined {
  if (reply.kind === 'summary') return undefined;
  const advices = Object.values(reply.advices).flatMap((advice) =>
    advice === undefined
      ? []
      : [
          {
            role: advice.role,
            outcome: advice.outcome,
            reason: advice.reason,
            score: advice.outOfDistributionScore,
            latencyUs: advice.latencyUs,
          },
        ],
  );
  if (advices.length === 0) return undefined;
  return { kind: 'answer', facts: { about: reply.kind, advices }, vectors: [] };
}
