import type { Role } from '../role.js';
import type { QuestionOf, SessionEvent } from '../role-session.js';

/** Events that put questions. */
export const ASKING_EVENTS = ['geometry', 'level-start', 'iteration'] as const;
type AskingEvent = (typeof ASKING_EVENTS)[number];

const ASKED: Readonly<Record<Role, readonly AskingEvent[]>> = {
  initialization: ['level-start'],
  'histogram-sigma': ['geometry'],
  'pyramid-sigma': ['geometry'],
  'step-direction': ['iteration'],
  'early-stopping': ['iteration'],
  'adaptive-variance': ['level-start', 'iteration'],
};

/** Whether events of a kind can put a question to a role. */
export function isAsked(role: Role, kind: AskingEvent): boolean {
  return ASKED[role].includes(kind);
}

/** The event itself where it is a question to the role, and undefined where it puts none. */
export function questionFor<R extends Role>(
  role: R,
  event: SessionEvent,
  asksEveryN: number,
): QuestionOf<R> | undefined;
export function questionFor(
  role: Role,
  event: SessionEvent,
  asksEveryN: number,
): QuestionOf<Role> | undefined {
  if (!isAsking(event) || !isAsked(role, event.kind)) return undefined;
  if (role !== 'adaptive-variance' || event.kind !== 'iteration') return event;
  return asksEveryN > 0 && event.iteration % asksEveryN === 0 ? event : undefined;
}

function isAsking(event: SessionEvent): event is Extract<SessionEvent, { kind: AskingEvent }> {
  return event.kind !== 'level-end' && event.kind !== 'receipt';
}
