import type {
  Advices,
  CloseReason,
  PlanEvent,
  Reply,
  RoleReceipt,
} from '../../domain/session/advisor.js';
import type { PlanFinish } from '../../domain/session/plan-finish.js';
import type { ObserverRequest, SessionObserver } from '../../domain/session/session-observer.js';
import type { LevelEnd, LevelStart } from '../../plugin-sdk/index.js';
import { Curve } from './curve.js';
import { shorten } from './describe-advice.js';
import { PlanLog } from './plan-log.js';
import type {
  FinishView,
  LivePlanView,
  PlanState,
  PlanSummary,
  Prediction,
  StageView,
} from './plan-views.js';
import { RoleWatch } from './role-watch.js';

const MAX_STAGES = 64;
/** Of the client, who may call himself anything. */
const MAX_NAME = 100;

type OpenStage = { -readonly [K in keyof StageView]: StageView[K] };

export interface LivePlanOptions extends ObserverRequest {
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Called after every change; returns its number. */
  readonly changed: () => number;
  readonly closed: (plan: LivePlan) => void;
}

/** What the operator may see of one plan. Keeps figures and words, never a vector, in memory that does not grow with it. */
export class LivePlan implements SessionObserver {
  readonly curve = new Curve();
  /** Number of the last change, of all plans together. */
  change = 0;
  readonly #options: LivePlanOptions;
  readonly #openedAtMs: number;
  readonly #roles: readonly RoleWatch[];
  readonly #log = new PlanLog();
  readonly #stages: OpenStage[] = [];
  #state: PlanState = 'open';
  #updatedAtMs: number;
  #prediction: Prediction | null = null;
  #finish: FinishView | null = null;

  constructor(options: LivePlanOptions) {
    this.#options = options;
    this.#openedAtMs = options.wallMs();
    this.#updatedAtMs = this.#openedAtMs;
    const { accepts } = options.opening.plan;
    this.#roles = options.bindings
      .filter(({ role }) => accepts.includes(role))
      .map((binding) => new RoleWatch(binding));
    this.#touch();
  }

  get sessionId(): string {
    return this.#options.sessionId;
  }

  event(event: PlanEvent): void {
    switch (event.kind) {
      case 'level-start':
        this.#startStage(event.levelStart);
        break;
      case 'iteration': {
        const { objective } = event.iteration;
        this.curve.add(objective);
        if (this.#prediction !== null && objective < this.#prediction.value)
          this.#prediction = null;
        const stage = this.#stages.at(-1);
        if (stage !== undefined) {
          stage.iterations += 1;
          stage.objective = finite(objective);
        }
        break;
      }
      case 'level-end':
        this.#endStage(event.levelEnd);
        break;
      case 'finish':
        this.#finish = this.#finishView(event.finish);
        break;
      default: // Volumes and geometry change nothing that is shown.
    }
    this.#touch();
  }

  answered(reply: Reply): void {
    if (reply.kind === 'summary') return;
    const isIteration = reply.kind === 'iteration';
    const level = reply.kind === 'geometry' ? null : reply.level;
    const stage = reply.kind === 'geometry' ? null : reply.stage;
    const place = { after: this.curve.count, level, stage };
    for (const watch of this.#roles) {
      const advice = reply.advices[watch.role];
      if (advice === undefined) continue;
      watch.answered(advice);
      this.#log.add(advice, place, isIteration);
    }
    this.#predict(reply.advices);
    this.#touch();
  }

  receipt({ role, verdict }: RoleReceipt): void {
    this.#roles.find((watch) => watch.role === role)?.verdict(verdict);
  }

  broken(): void {
    this.#state = 'waiting';
    this.#touch();
  }

  resumed(): void {
    this.#state = 'open';
    this.#touch();
  }

  close(reason: CloseReason): void {
    this.#state = reason;
    this.#touch();
    this.#options.closed(this);
  }

  summary(): PlanSummary {
    return { ...this.#head(), roles: this.#roles.map((watch) => watch.summary()) };
  }

  view(): LivePlanView {
    return {
      ...this.#head(),
      roles: this.#roles.map((watch) => watch.view()),
      stages: this.#stages.map((stage) => ({ ...stage })),
      log: this.#log.list(),
      droppedEntries: this.#log.dropped,
      finish: this.#finish,
      curve: this.curve.part(-1, 0),
    };
  }

  #head(): Omit<PlanSummary, 'roles'> {
    const { sessionId, opening, generation } = this.#options;
    const { adviceMode, plan } = opening;
    const client = shorten(opening.client, MAX_NAME);
    const stage = this.#stages.at(-1);
    return {
      sessionId,
      client,
      solver: plan.solverName || plan.solver,
      adviceMode,
      generation,
      state: this.#state,
      openedAtMs: this.#openedAtMs,
      updatedAtMs: this.#updatedAtMs,
      level: stage?.level ?? null,
      stage: stage?.stage ?? null,
      iterations: this.curve.count,
      objective: finite(this.curve.latest),
      prediction: this.#prediction,
      stageStarts: this.#stages.map(({ after }) => after),
    };
  }

  #startStage(start: LevelStart): void {
    this.#prediction = null;
    this.#stages.push({
      level: start.level,
      stage: start.stage,
      histogramSigmaGy: start.histogramSigmaGy,
      beamletCount: start.beamletCount,
      after: this.curve.count,
      iterations: 0,
      startObjective: finite(start.objective),
      objective: null,
      stopReason: null,
      elapsedMs: null,
    });
    if (this.#stages.length > MAX_STAGES) this.#stages.shift();
  }

  #endStage(end: LevelEnd): void {
    const stage = this.#stages.at(-1);
    if (stage === undefined) return;
    stage.objective = finite(end.objective);
    stage.stopReason = end.stopReason;
    stage.elapsedMs = finite(end.elapsedMs);
  }

  /** A forecast stays on the page until another takes its place, or until the objective has passed it. */
  #predict(advices: Advices): void {
    const value = advices['early-stopping']?.value;
    if (value?.predictedFinalObjective === undefined) return;
    this.#prediction = {
      value: value.predictedFinalObjective,
      deviation: value.predictedStandardDeviation ?? null,
    };
  }

  #finishView(finish: PlanFinish): FinishView {
    const { structures } = this.#options.opening.plan;
    const { stopReason, iterations, callEquivalents, optimizationMs, adviceWaitMs } = finish;
    return {
      stopReason,
      iterations,
      callEquivalents,
      optimizationMs,
      adviceWaitMs,
      referenceObjective: finish.referenceObjective,
      metrics: finish.metrics.flatMap(({ structure, name, value, unit }) => {
        const view = structures[structure];
        if (view === undefined) return [];
        return [{ structure: view.name, structureRole: view.role, name, value, unit }];
      }),
    };
  }

  #touch(): void {
    this.#updatedAtMs = this.#options.wallMs();
    this.change = this.#options.changed();
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
