import type { Advices, PlanEvent } from '../domain/session/advisor.js';
import { withTensors } from '../domain/session/recording.js';
import type {
  ReadonlyVector,
  Role,
  SessionEvent,
  Tensor,
  Tensors,
  WantedTensor,
} from '../plugin-sdk/index.js';
import { mapTensors } from '../plugin-sdk/internal/event-tensors.js';
import type { ServedAdvice, ServedAdvices } from './shadow-messages.js';

/** What an item without vectors costs to keep, about. */
const SCALARS_BYTES = 256;

/** A copy that waits until it is sent, with what it weighs. */
export interface Copied<T> {
  readonly value: T;
  readonly bytes: number;
}

/** Copies vectors and weighs them. */
class Copier {
  bytes = SCALARS_BYTES;

  vector(vector: ReadonlyVector): Float64Array {
    const copy =
      vector instanceof Float64Array
        ? vector.slice()
        : Float64Array.from(vector as Iterable<number>);
    this.bytes += copy.byteLength;
    return copy;
  }

  tensors(tensors: Tensors): Tensors {
    const entries = Object.entries(tensors).map(([kind, { shape, data }]): [string, Tensor] => [
      kind,
      { shape: [...shape], data: this.vector(data) },
    ]);
    return Object.fromEntries(entries) as Tensors;
  }

  done<T>(value: T): Copied<T> {
    return { value, bytes: this.bytes };
  }
}

/** An event with the tensors that are wanted; undefined for what no role is told of. */
export function copyEvent(
  sent: PlanEvent,
  wanted: readonly WantedTensor[],
): Copied<SessionEvent> | undefined {
  if (sent.kind === 'volume' || sent.kind === 'finish') return undefined;
  const copier = new Copier();
  const event = withTensors(sent, wanted);
  return copier.done(mapTensors(event, (tensors) => copier.tensors(tensors)));
}

const VECTORS: readonly string[] = ['weights', 'varianceGy2', 'direction'];

/** What was served in some roles; a role that was not asked or is off is missing. */
export function copyAdvices(advices: Advices, roles: ReadonlySet<Role>): Copied<ServedAdvices> {
  const copier = new Copier();
  const copies: Partial<Record<Role, ServedAdvice>> = {};
  for (const role of roles) {
    const advice = advices[role];
    if (advice === undefined) continue;
    const { outcome, value } = advice;
    const entries = Object.entries(value ?? {}).map(([name, part]) => [
      name,
      VECTORS.includes(name) ? copier.vector(part as ReadonlyVector) : part,
    ]);
    copies[role] = {
      outcome,
      value: value && (Object.fromEntries(entries) as typeof value),
    };
  }
  return copier.done(copies as ServedAdvices);
}
