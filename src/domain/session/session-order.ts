import type { Iteration, LevelEnd, PlanView } from '../../plugin-sdk/index.js';
import { HostError } from '../errors/host-error.js';
import type { PlanEvent } from './advisor.js';
import { EVENT_NAMES } from './event-names.js';

type Phase = 'opened' | 'in-stage' | 'between-stages' | 'finished';

const phaseWords: Readonly<Record<Phase, string>> = {
  opened: 'before the first level start',
  'in-stage': 'inside a stage',
  'between-stages': 'between stages',
  finished: 'after `finish`',
};

/**
 * Knows which event may follow which. Volumes, then geometry, then stages, then finish; a client that had to skip
 * messages (one in flight, deadlines) may leave numbers out, but none may repeat or go back. Levels never rise, but
 * that after the finest one, or one that advice ended, a new descent may begin: after the trial of a start, or as its
 * safeguard, after which the first may go on.
 */
export class SessionOrder {
  readonly #plan: PlanView;
  #phase: Phase = 'opened';
  #hasGeometry = false;
  #level = Number.POSITIVE_INFINITY;
  #stage = -1;
  #iteration = -1;

  constructor(plan: PlanView) {
    this.#plan = plan;
  }

  get isFinished(): boolean {
    return this.#phase === 'finished';
  }

  /** A broken stream came back: whatever stage was running is over, and so may be its descent, the end of which was not heard. */
  resume(): void {
    if (this.#phase === 'in-stage') this.#phase = 'between-stages';
    this.#level = Number.POSITIVE_INFINITY;
  }

  /** @throws HostError when the event is not allowed now. */
  accept(event: PlanEvent): void {
    if (this.#phase === 'finished') this.#refuse(event);
    switch (event.kind) {
      case 'volume':
        if (this.#phase !== 'opened' || this.#hasGeometry) this.#refuse(event);
        return;
      case 'geometry':
        if (this.#hasGeometry) throw new HostError('event-duplicate', { event: 'geometry' });
        if (this.#phase !== 'opened') this.#refuse(event);
        this.#hasGeometry = true;
        return;
      case 'level-start':
        this.#acceptLevelStart(event);
        return;
      case 'iteration':
        this.#checkStage(event);
        this.#acceptIteration(event.iteration);
        return;
      case 'level-end':
        this.#checkStage(event);
        this.#phase = 'between-stages';
        // A stop of the whole plan that was granted may end a descent above the finest level.
        if (event.level === 0 || event.stopReason === 'advice') {
          this.#level = Number.POSITIVE_INFINITY;
        }
        return;
      case 'finish':
        this.#phase = 'finished';
        return;
    }
  }

  #refuse(event: PlanEvent): never {
    throw new HostError('event-out-of-order', {
      event: EVENT_NAMES[event.kind],
      state:
        event.kind === 'volume' && this.#hasGeometry ? 'after `geometry`' : phaseWords[this.#phase],
    });
  }

  #acceptLevelStart(start: { level: number; stage: number; beamletCount: number }): void {
    const plan = this.#plan.levels[start.level];
    if (plan === undefined) {
      throw new HostError('invalid-field', {
        field: 'level_start.level',
        problem: `is ${start.level}, but the plan has levels 0 to ${this.#plan.levels.length - 1}`,
      });
    }
    if (start.stage === this.#stage) {
      throw new HostError('event-duplicate', {
        event: 'level_start',
        where: ` for stage ${start.stage}`,
      });
    }
    if (start.stage < this.#stage) {
      throw new HostError('stage-out-of-order', {
        event: 'level_start',
        stage: start.stage,
        previous: this.#stage,
      });
    }
    if (start.level > this.#level) {
      throw new HostError('level-out-of-order', { level: start.level, previous: this.#level });
    }
    if (start.beamletCount !== plan.beamletCount) {
      throw new HostError('invalid-field', {
        field: 'level_start.beamlet_count',
        problem: `is ${start.beamletCount}, but level ${start.level} was announced with ${plan.beamletCount}`,
      });
    }
    this.#phase = 'in-stage';
    this.#level = start.level;
    this.#stage = start.stage;
    this.#iteration = -1;
  }

  #checkStage(event: Iteration | LevelEnd): void {
    if (this.#phase !== 'in-stage') this.#refuse(event);
    if (event.stage !== this.#stage) {
      throw new HostError('stage-out-of-order', {
        event: EVENT_NAMES[event.kind],
        stage: event.stage,
        previous: this.#stage,
      });
    }
    if (event.level !== this.#level) {
      throw new HostError('invalid-field', {
        field: `${EVENT_NAMES[event.kind]}.level`,
        problem: `is ${event.level}, but stage ${this.#stage} runs at level ${this.#level}`,
      });
    }
  }

  #acceptIteration(iteration: number): void {
    if (iteration === this.#iteration) {
      throw new HostError('event-duplicate', {
        event: 'iteration',
        where: ` with number ${iteration}`,
      });
    }
    if (iteration < this.#iteration) {
      throw new HostError('iteration-out-of-order', { iteration, previous: this.#iteration });
    }
    this.#iteration = iteration;
  }
}
