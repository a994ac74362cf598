import { isDue } from '../../../domain/session/recording.js';
import type { Role, TensorKind, WantedTensor } from '../../../plugin-sdk/index.js';
import type { ReadRecording, StoredVector } from './recording-format.js';
import type {
  AdviceFacts,
  AnswerFacts,
  ClosedFacts,
  FactsByKind,
  FinishFacts,
  GeometryFacts,
  LevelStartFacts,
  RecordKind,
  StartFacts,
} from './stored-events.js';

type Vectors = ReadonlyMap<string, StoredVector>;

/** What the host said about one question, and what the optimizer did with it. */
export interface AdviceStory extends AdviceFacts {
  verdict: string | undefined;
}

export type AdviceByRole = Map<Role, AdviceStory>;

export interface IterationRow {
  readonly facts: FactsByKind['iteration'];
  readonly vectors: Vectors;
  readonly advice: AdviceByRole;
}

export interface StageRow {
  readonly facts: LevelStartFacts;
  readonly vectors: Vectors;
  readonly advice: AdviceByRole;
  readonly iterations: IterationRow[];
  end: FactsByKind['level-end'] | undefined;
}

/** A session as its recording tells it. */
export interface RecordedSession {
  readonly start: StartFacts;
  readonly stages: StageRow[];
  readonly geometryAdvice: AdviceByRole;
  geometry: (GeometryFacts & { readonly vectors: Vectors }) | undefined;
  finish: (FinishFacts & { readonly vectors: Vectors }) | undefined;
  closed: ClosedFacts | undefined;
  resumes: number;
  readonly tornBytes: number;
}

/** Of what a record holds, what was recorded for training; the rest is for replay. */
function recordedVectors(
  vectors: Vectors,
  recorded: readonly WantedTensor[],
  iteration?: number,
): Vectors {
  const kept = [...vectors].filter(([name]) => isDue(recorded, name as TensorKind, iteration));
  return kept.length === vectors.size ? vectors : new Map(kept);
}

/** Puts the records of a session together. */
class SessionBuilder {
  readonly session: RecordedSession;

  constructor(start: StartFacts, tornBytes: number) {
    this.session = {
      start,
      tornBytes,
      stages: [],
      geometryAdvice: new Map(),
      geometry: undefined,
      finish: undefined,
      closed: undefined,
      resumes: 0,
    };
  }

  add<Kind extends RecordKind>(kind: Kind, facts: FactsByKind[Kind], vectors: Vectors): void {
    const { session } = this;
    const stage = session.stages.at(-1);
    // The switch narrows `kind`, which does not narrow `facts`.
    const as = <K extends RecordKind>(_: K) => facts as unknown as FactsByKind[K];
    const kept = (iteration?: number) =>
      recordedVectors(vectors, session.start.recorded, iteration);
    switch (kind) {
      case 'geometry':
        session.geometry = { ...as('geometry'), vectors: kept() };
        break;
      case 'level-start': {
        const facts = as('level-start');
        const row = { facts, vectors: kept(), iterations: [], end: undefined };
        session.stages.push({ ...row, advice: new Map() });
        break;
      }
      case 'iteration': {
        const facts = as('iteration');
        const row = { facts, vectors: kept(facts.iteration), advice: new Map() };
        stage?.iterations.push(row);
        break;
      }
      case 'level-end':
        if (stage !== undefined) stage.end = as('level-end');
        break;
      case 'answer':
        this.#addAnswer(as('answer'));
        break;
      case 'receipt':
        this.#addReceipt(as('receipt'));
        break;
      case 'finish':
        session.finish = { ...as('finish'), vectors };
        break;
      case 'resumed':
        session.resumes += 1;
        break;
      case 'closed':
        session.closed = as('closed');
        break;
    }
  }

  #addAnswer({ about, advices }: AnswerFacts): void {
    const stage = this.session.stages.at(-1);
    const places = {
      geometry: this.session.geometryAdvice,
      level: stage?.advice,
      iteration: stage?.iterations.at(-1)?.advice,
    };
    for (const advice of advices)
      places[about]?.set(advice.role, { ...advice, verdict: undefined });
  }

  /** A receipt names its level and iteration, not its stage; it comes before the level is visited again. */
  #addReceipt({ role, verdict, level, iteration }: FactsByKind['receipt']): void {
    const stage = this.session.stages.findLast(({ facts }) => facts.level === level);
    const place =
      iteration === undefined
        ? (stage?.advice.get(role) ?? this.session.geometryAdvice.get(role))
        : stage?.iterations
            .findLast(({ facts }) => facts.iteration === iteration)
            ?.advice.get(role);
    if (place !== undefined) place.verdict = verdict;
  }
}

/** Undefined when the recording has no beginning: nothing can be said about it. */
export function recordedSession({
  records,
  tornBytes,
}: ReadRecording): RecordedSession | undefined {
  const [first, ...rest] = records;
  if (first?.kind !== 'start') return undefined;
  const builder = new SessionBuilder(first.facts as StartFacts, tornBytes);
  for (const { kind, facts, vectors } of rest) {
    builder.add(kind as RecordKind, facts as never, vectors);
  }
  return builder.session;
}
