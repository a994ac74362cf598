import type { Role } from '../role.js';
import type { QuestionOf, SessionEvent } from '../role-session.js';

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
