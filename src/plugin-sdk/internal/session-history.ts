import type { PlanView } from '../plan-view.js';
import type { SessionEvent } from '../role-session.js';
import type {
  Geometry,
  IterationRecord,
  LevelStart,
  SessionView,
  StageView,
} from '../session-view.js';
import type { Volume, VolumeKind } from '../tensor.js';

class StageHistory implements StageView {
  readonly start: StageView['start'];
  readonly iterations: IterationRecord[] = [];
  droppedIterations = 0;
  end: StageView['end'];

  constructor({ kind: _kind, tensors: _tensors, ...start }: LevelStart) {
    this.start = start;
  }

  add(record: IterationRecord, maxIterations: number): void {
    // Halving at once keeps the cost of forgetting constant per iteration.
    if (this.iterations.length >= maxIterations) {
      const surplus = Math.max(1, maxIterations >> 1);
      this.iterations.splice(0, surplus);
      this.droppedIterations += surplus;
    }
    this.iterations.push(record);
  }
}

export interface SessionHistoryOptions {
  readonly sessionId: string;
  readonly seed: number;
  readonly plan: PlanView;
  /** Iterations kept per stage. */
  readonly maxIterations: number;
}

/** Stages of a plan that are kept; a plan that is advised has dozens. */
export const MOST_STAGES = 512;
/** Iterations of all of them, in those that one stage may have. */
const MOST_FULL_STAGES = 4;

/** The one implementation of `SessionView`: grows by events and forgets beyond its bound. */
export class SessionHistory implements SessionView {
  readonly sessionId: string;
  readonly seed: number;
  readonly plan: PlanView;
  geometry: Geometry | undefined;
  readonly volumes: Partial<Record<VolumeKind, Volume>> = {};
  readonly stages: StageHistory[] = [];
  readonly #maxIterations: number;

  constructor(options: SessionHistoryOptions) {
    this.sessionId = options.sessionId;
    this.seed = options.seed;
    this.plan = options.plan;
    this.#maxIterations = options.maxIterations;
  }

  addVolume(kind: VolumeKind, volume: Volume): void {
    this.volumes[kind] = volume;
  }

  add(event: SessionEvent): void {
    const stage = this.stages.at(-1);
    switch (event.kind) {
      case 'geometry':
        this.geometry = event;
        return;
      case 'level-start':
        this.stages.push(new StageHistory(event));
        this.#forgetStages();
        return;
      case 'iteration':
        stage?.add(
          {
            level: event.level,
            stage: event.stage,
            iteration: event.iteration,
            objective: event.objective,
            gradientNorm: event.gradientNorm,
            stepLength: event.stepLength,
            valueCalls: event.valueCalls,
            gradientCalls: event.gradientCalls,
            elapsedMs: event.elapsedMs,
          },
          this.#maxIterations,
        );
        return;
      case 'level-end':
        if (stage !== undefined) stage.end = event;
        return;
      case 'receipt':
        return;
    }
  }

  /** The oldest, so that a plan that goes on for ever keeps no more than others. */
  #forgetStages(): void {
    const most = MOST_FULL_STAGES * this.#maxIterations;
    let iterations = this.stages.reduce((sum, stage) => sum + stage.iterations.length, 0);
    while (this.stages.length > MOST_STAGES || (iterations > most && this.stages.length > 1)) {
      iterations -= this.stages.shift()?.iterations.length ?? 0;
    }
  }
}
