import type { TensorKind, Tensors, WantedTensor } from '../../plugin-sdk/index.js';
import { mapTensors } from '../../plugin-sdk/internal/event-tensors.js';
import type { PlanEvent } from './advisor.js';

/** Vectors that change with every iteration. */
const ITERATION_TENSORS = ['weights', 'direction', 'variance', 'gradient'] as const;
/** Features of the beamlets, sent once. */
const BEAMLET_TENSORS = [
  'column-norm',
  'structure-mean-dose',
  'structure-max-dose',
  'path-density',
] as const;

/** What a recording can hold. Volumes are not among it: they would show a person. */
export const RECORDABLE_TENSORS = [...ITERATION_TENSORS, ...BEAMLET_TENSORS] as const;

export type RecordableTensor = (typeof RECORDABLE_TENSORS)[number];

/** How sessions are recorded. */
export interface RecordingConfig {
  readonly enabled: boolean;
  /** Absolute. Belongs to one host. */
  readonly directory: string;
  readonly tensors: readonly RecordableTensor[];
  /** Vectors are kept with every n-th iteration of a stage, scalars with each. */
  readonly everyN: number;
  /** A session that grows beyond is not recorded further. */
  readonly maxSessionBytes: number;
  /** Of the whole directory. */
  readonly maxTotalBytes: number;
  /** Of one session, not yet written. */
  readonly maxBufferBytes: number;
  /** Sessions stay replayable: what plugins saw and answered is kept bit for bit beside the trajectory. */
  readonly keepJournal: boolean;
}

function isIterationTensor(kind: TensorKind): boolean {
  return (ITERATION_TENSORS as readonly TensorKind[]).includes(kind);
}

/** What the optimizer has to send so that it can be recorded. */
export function recordingWants({ tensors, everyN }: RecordingConfig): readonly WantedTensor[] {
  return tensors.map((kind) => ({ kind, everyN: isIterationTensor(kind) ? everyN : 0 }));
}

/** Whether a tensor belongs to an event. @param iteration Undefined for geometry and level starts. */
export function isDue(
  wanted: readonly WantedTensor[],
  kind: TensorKind,
  iteration: number | undefined,
): boolean {
  return wanted.some(
    (want) =>
      want.kind === kind &&
      (iteration === undefined || (want.everyN > 0 && iteration % want.everyN === 0)),
  );
}

function pick(
  tensors: Tensors,
  wanted: readonly WantedTensor[],
  iteration: number | undefined,
): Tensors {
  const kept: Partial<Record<TensorKind, Tensors[TensorKind]>> = {};
  for (const want of wanted) {
    const { kind } = want;
    const tensor = tensors[kind];
    if (tensor !== undefined && isDue([want], kind, iteration)) kept[kind] = tensor;
  }
  return kept as Tensors;
}

/**
 * The event with only those tensors that were wanted with it. Plugins see exactly what they would see if nobody
 * recorded, and a recording holds no more than its configuration says.
 */
export function withTensors<Event extends PlanEvent>(
  event: Event,
  wanted: readonly WantedTensor[],
): Event {
  return mapTensors(event, (tensors, iteration) => pick(tensors, wanted, iteration));
}
