import { isDue } from '../../../domain/session/recording.js';
import type { Role, TensorKind, WantedTensor } from '../../../plugin-sdk/index.js';
import type { ReadRecording, StoredVector } from './recording-format.js';
import type {
  AdviceHeader,
  AnswerHeader,
  ClosedHeader,
  FinishHeader,
  GeometryHeader,
  HeaderByKind,
  LevelStartHeader,
  RecordKind,
  StartHeader,
} from './stored-events.js';

type Vectors = ReadonlyMap<string, StoredVector>;

/** What the host said about one question, and what the optimizer did with it. */
export interface AdviceStory extends AdviceHeader {
  verdict: string | undefined;
}

export type AdviceByRole = Map<Role, AdviceStory>;

export interface IterationRow {
  readonly header: HeaderByKind['iteration'];
  readonly vectors: Vectors;
  readonly advice: AdviceByRole;
}

export interface StageRow {
  readonly header: LevelStartHeader;
  readonly vectors: Vectors;
  readonly advice: AdviceByRole;
  readonly iterations: IterationRow[];
  end: HeaderByKind['level-end'] | undefined;
}

/** A session as its recording tells it. */
export interface RecordedSession {
  readonly start: StartHeader;
  readonly stages: StageRow[];
  readonly geometryAdvice: AdviceByRole;
  geometry: (GeometryHeader & { readonly vectors: Vectors }) | undefined;
  finish: (FinishHeader & { readonly vectors: Vectors }) | undefined;
  closed: ClosedHeader | undefined;
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

  constructor(start: StartHeader, tornBytes: number) {
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

  add<Kind extends RecordKind>(kind: Kind, header: HeaderByKind[Kind], vectors: Vectors): void {
    const { session } = this;
    const stage = session.stages.at(-1);
    // The switch narrows `kind`, which does not narrow `header`.
    const as = <K extends RecordKind>(_: K) => header as unknown as HeaderByKind[K];
    const kept = (iteration?: number) =>
      recordedVectors(vectors, session.start.recorded, iteration);
    switch (kind) {
      case 'geometry':
        session.geometry = { ...as('geometry'), vectors: kept() };
        break;
      case 'level-start': {
        const header = as('level-start');
        const row = { header, vectors: kept(), iterations: [], end: undefined };
        session.stages.push({ ...row, advice: new Map() });
        break;
      }
      case 'iteration': {
        const header = as('iteration');
        const row = { header, vectors: kept(header.iteration), advice: new Map() };
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

  #addAnswer({ about, advices }: AnswerHeader): void {
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
  #addReceipt({ role, verdict, level, iteration }: HeaderByKind['receipt']): void {
    const stage = this.session.stages.findLast(({ header }) => header.level === level);
    const place =
      iteration === undefined
        ? (stage?.advice.get(role) ?? this.session.geometryAdvice.get(role))
        : stage?.iterations
            .findLast(({ header }) => header.iteration === iteration)
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
  const builder = new SessionBuilder(first.header as StartHeader, tornBytes);
  for (const { kind, header, vectors } of rest) {
    builder.add(kind as RecordKind, header as never, vectors);
  }
  return builder.session;
}
