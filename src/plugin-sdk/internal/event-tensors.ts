import type { SessionEvent } from '../role-session.js';
import type { Tensors } from '../tensor.js';

/** What plugins are told of, and what the host hears beyond. */
type AnyEvent = SessionEvent | { readonly kind: 'volume' | 'finish' };

/** An event that carries tensors. */
export type TensorEvent = Extract<SessionEvent, { readonly tensors: Tensors }>;

/** Whether an event carries tensors. */
export function hasTensors<Event extends AnyEvent>(event: Event): event is Event & TensorEvent {
  return 'tensors' in event;
}

/** The level that the tensors of an event belong to: per-beamlet features come with the geometry, for the finest. */
export function levelOf(event: TensorEvent): number {
  return event.kind === 'geometry' ? 0 : event.level;
}

/** Undefined for what comes once in a stage or a plan. */
export function iterationOf(event: TensorEvent): number | undefined {
  return event.kind === 'iteration' ? event.iteration : undefined;
}

/** The event with other tensors; the event itself when it carries none. */
export function mapTensors<Event extends AnyEvent>(
  event: Event,
  change: (tensors: Tensors, iteration: number | undefined) => Tensors,
): Event {
  if (!hasTensors(event)) return event;
  return { ...event, tensors: change(event.tensors, iterationOf(event)) };
}
