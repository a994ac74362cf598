import type {
  LevelEnd,
  PlanView,
  SessionEvent,
  Tensors,
  Volume,
  VolumeKind,
  WantedTensor,
} from '../../plugin-sdk/index.js';
import type { WireEvent, WirePlan, WireTensors } from './messages.js';
import { bitsOf, bytesOf, bytesOfTyped, doublesOf, shortsOf } from './wire-bytes.js';

/** A volume as it becomes part of a session's view. */
export interface VolumeEvent {
  readonly kind: 'volume';
  readonly volumeKind: VolumeKind;
  readonly volume: Volume;
}

/** What a process is told of: what a plugin is, and what only its view grows by. */
export type ToldEvent = SessionEvent | VolumeEvent;

/** Of the tensors, those that a plugin wants: others may be there because another plugin does. */
export function encodeEvent(event: ToldEvent, wants: readonly WantedTensor[]): WireEvent {
  switch (event.kind) {
    case 'geometry':
      return { geometry: { ...event, tensors: encodeTensors(event.tensors, wants) } };
    case 'level-start':
      return { levelStart: { ...event, tensors: encodeTensors(event.tensors, wants) } };
    case 'iteration':
      return { iteration: { ...event, tensors: encodeTensors(event.tensors, wants) } };
    case 'level-end':
      return { levelEnd: event };
    case 'receipt':
      return { receipt: event };
    case 'volume': {
      const { shape, spacingMm, data } = event.volume;
      return { volume: { kind: event.volumeKind, shape, spacingMm, data: bytesOfTyped(data) } };
    }
  }
}

export function decodeEvent(wire: WireEvent): ToldEvent {
  if (wire.iteration) {
    const { tensors, ...iteration } = wire.iteration;
    return { kind: 'iteration', ...iteration, tensors: decodeTensors(tensors) };
  }
  if (wire.geometry) {
    const { structures, tensors } = wire.geometry;
    return { kind: 'geometry', structures, tensors: decodeTensors(tensors) };
  }
  if (wire.levelStart) {
    const { tensors, ...levelStart } = wire.levelStart;
    return { kind: 'level-start', ...levelStart, tensors: decodeTensors(tensors) };
  }
  if (wire.levelEnd) return { kind: 'level-end', ...wire.levelEnd } as LevelEnd;
  if (wire.receipt) {
    const { verdict, level, iteration } = wire.receipt;
    return { kind: 'receipt', verdict, level, iteration };
  }
  if (wire.volume) {
    const { kind, shape, spacingMm, data } = wire.volume;
    const volume = {
      shape: shape as Volume['shape'],
      spacingMm: spacingMm as Volume['spacingMm'],
      data: kind === 'ct' ? shortsOf(data) : bitsOf(data),
    };
    return { kind: 'volume', volumeKind: kind as VolumeKind, volume };
  }
  throw new Error('an event of no kind');
}

/** The message has every field of a plan, under the same names. */
export const encodePlan = (plan: PlanView): WirePlan => plan;

/** What a plan need not say is undefined, and not absent, as it is where it was read from. */
export function decodePlan(wire: WirePlan): PlanView {
  const plan = wire as unknown as PlanView;
  const structures = plan.structures.map((structure) => ({
    ...structure,
    prescribedDoseGy: structure.prescribedDoseGy,
  }));
  return { ...plan, structures };
}

function encodeTensors(tensors: Tensors, wants: readonly WantedTensor[]): WireTensors {
  const wanted: Record<string, WireTensors[string]> = {};
  for (const { kind } of wants) {
    const tensor = tensors[kind];
    if (tensor) wanted[kind] = { shape: tensor.shape, data: bytesOf(tensor.data) };
  }
  return wanted;
}

function decodeTensors(tensors: WireTensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([kind, { shape, data }]) => [
      kind,
      { shape, data: doublesOf(data) },
    ]),
  );
}
