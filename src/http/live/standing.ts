import type { Advice } from '../../domain/advice/advice.js';
import { REASON_WORDS } from '../../domain/advice/reason-words.js';
import type { CloseReason } from '../../domain/session/advisor.js';

/** How a plan stands with its advice, in one word, and why in one sentence; `why` is empty where the word says it all. */
export interface PlanStanding {
  readonly kind: 'advised' | 'unadvised' | 'shadow' | 'stopped' | 'resuming' | 'ended';
  readonly why: string;
}

const ENDINGS: Readonly<Record<CloseReason, string>> = {
  finished: '',
  broken: 'The connection broke.',
  refused: 'The host refused what the optimizer sent.',
  idle: 'The optimizer said nothing for too long.',
  'too-old': 'The plan was open for too long.',
  drained: 'The host went away.',
  lost: 'The connection broke, and the optimizer did not come back.',
};

/** Words of a reason, for people; a plugin's own reasons are shown as they are. */
function sentence(reason: string, detail: string): string {
  const known: Readonly<Record<string, string>> = REASON_WORDS;
  return detail || known[reason] || reason;
}

/** What roles of one plan said last, for telling whether it is advised at all. */
export class AdviceWatch {
  readonly #roles: number;
  readonly #finals = new Map<string, string>();
  #valued = 0;
  #latest = '';
  #isStopped = false;

  /** `roles`: how many of the plan are served by a plugin. */
  constructor(roles: number) {
    this.#roles = roles;
  }

  answered({ role, value, reason, detail = '', isFinal }: Advice): void {
    if (reason === 'stopped-by-operator') this.#isStopped = true;
    if (value !== undefined) {
      this.#valued += 1;
      this.#finals.delete(role);
      return;
    }
    this.#latest = sentence(reason, detail);
    if (isFinal) this.#finals.set(role, this.#latest);
  }

  /** The kill switch was pressed while the plan was open. */
  stop(): void {
    this.#isStopped = true;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  standing(state: 'open' | 'waiting' | CloseReason, isShadow: boolean): PlanStanding {
    if (state === 'waiting') {
      return { kind: 'resuming', why: 'Its connection broke; it may come back.' };
    }
    if (state !== 'open') return { kind: 'ended', why: ENDINGS[state] };
    if (this.#isStopped) {
      const why = 'Stopped by an operator, to its end.';
      return { kind: 'stopped', why };
    }
    if (isShadow) {
      return { kind: 'shadow', why: 'It asks and records, and uses nothing.' };
    }
    const why = this.#whyUnadvised();
    return { kind: why === '' ? 'advised' : 'unadvised', why };
  }

  #whyUnadvised(): string {
    if (this.#roles === 0) return 'No role that it can use is on.';
    if (this.#finals.size >= this.#roles) return [...this.#finals.values()].at(-1) ?? '';
    if (this.#valued === 0 && this.#latest !== '') return `No advice so far. ${this.#latest}`;
    return '';
  }
}
