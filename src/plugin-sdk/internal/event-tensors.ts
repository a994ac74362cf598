import type { SessionEvent } from '../role-session.js';
import type { Geometry, Iteration, LevelStart } from '../session-view.js';
import type { Tensors } from '../tensor.js';

/** Kinds of event that carry tensors -> what such an event says. */
export interface CarrierByKind {
  readonly geometry: Geometry;
  readonly 'level-start': LevelStart;
  readonly iteration: Iteration;
}

export type CarrierKind = keyof CarrierByKind;

type Carrier = CarrierByKind[CarrierKind];

/** What plugins are told of, and what the host hears beyond. */
type AnyEvent = SessionEvent | { readonly kind: 'volume' | 'finish' };

/** What an event says that carries tensors; undefined for others. Allocates nothing: each iteration comes by here. */
export function carrierOf(event: AnyEvent): Carrier | undefined {
  switch (event.kind) {
    case 'geometry':
      return event.geometry;
    case 'level-start':
      return event.levelStart;
    case 'iteration':
      return event.iteration;
    default:
      return undefined;
  }
}

/** The way back: an event of a kind from what it says. */
export function eventOf<Kind extends CarrierKind>(
  kind: Kind,
  carrier: CarrierByKind[Kind],
): Extract<SessionEvent, { readonly kind: Kind }>;
export function eventOf(kind: CarrierKind, carrier: Carrier): SessionEvent {
  switch (kind) {
    case 'geometry':
      return { kind, geometry: carrier as Geometry };
    case 'level-start':
      return { kind, levelStart: carrier as LevelStart };
    case 'iteration':
      return { kind, iteration: carrier as Iteration };
  }
}

/** The level that the tensors of an event belong to: per-beamlet features come with the geometry, for the finest. */
export function levelOf(carrier: Carrier): number {
  return 'level' in carrier ? carrier.level : 0;
}

/** Undefined for what comes once in a stage or a plan. */
export function iterationOf(carrier: Carrier): number | undefined {
  return 'iteration' in carrier ? carrier.iteration : undefined;
}

/** The event with other tensors; the event itself when it carries none. */
export function mapTensors<Event extends AnyEvent>(
  event: Event,
  change: (tensors: Tensors, iteration: number | undefined) => Tensors,
): Event {
  const carrier = carrierOf(event);
  if (carrier === undefined) return event;
  const tensors = change(carrier.tensors, iterationOf(carrier));
  return eventOf(event.kind as CarrierKind, { ...carrier, tensors }) as unknown as Event;
}
