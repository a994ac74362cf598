import type { AdviceOf, QuestionOf, Role } from '../../../plugin-sdk/index.js';
import type { RoleResult } from '../advice.js';

/** Decides what of a plugin's value may reach the optimizer. Not learned. May keep state for its session. */
export interface Envelope<R extends Role> {
  (value: AdviceOf<R>, question: QuestionOf<R>): RoleResult<R>;
  /** Told of every question before it is put, answered with a value or not. */
  readonly asked?: ((question: QuestionOf<R>) => void) | undefined;
}
