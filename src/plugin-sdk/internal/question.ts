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

/** The question an event puts to a role, or undefined when it puts none. */
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
  switch (role) {
    case 'initialization':
      return event.kind === 'level-start' ? event.levelStart : undefined;
    case 'histogram-sigma':
    case 'pyramid-sigma':
      return event.kind === 'geometry' ? event.geometry : undefined;
    case 'step-direction':
    case 'early-stopping':
      return event.kind === 'iteration' ? event.iteration : undefined;
    case 'adaptive-variance':
      if (event.kind === 'level-start') {
        return { moment: 'level-start', levelStart: event.levelStart };
      }
      return event.kind === 'iteration' &&
        asksEveryN > 0 &&
        event.iteration.iteration % asksEveryN === 0
        ? { moment: 'iteration', iteration: event.iteration }
        : undefined;
  }
}
