import type { Advices, CloseReason, PlanEvent, Reply } from '../../domain/session/advisor.js';
import type { SessionObserver, WatchRequest } from '../../domain/session/session-observer.js';
import { type LevelEnd, type LevelStart, qualityOf } from '../../plugin-sdk/index.js';
import { Curve } from './curve.js';
import { shorten } from './describe-advice.js';
import { finishView, type KeptSlice, keepSlice } from './finish-view.js';
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
import { endedWords, stageName } from './stage-words.js';
import { AdviceWatch } from './standing.js';
import { StagePace } from './time-to-end.js';

const MAX_STAGES = 64;
/** Of the client, who may call himself anything. */
const MAX_NAME = 100;

type OpenStage = { -readonly [K in keyof StageView]: StageView[K] };

export interface LivePlanOptions extends WatchRequest {
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Called after every change; returns its number. */
  readonly changed: () => number;
  readonly closed: (plan: LivePlan) => void;
  /** Advice is stopped for all plans. */
  readonly isStopped: boolean;
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
  #prediction: Omit<Prediction, 'toEnd'> | null = null;
  #finish: FinishView | null = null;
  #slices: readonly KeptSlice[] = [];
  #journalSha256 = '';
  readonly #pace = new StagePace();
  readonly #watch: AdviceWatch;

  constructor(options: LivePlanOptions) {
    this.#options = options;
    this.#openedAtMs = options.wallMs();
    this.#updatedAtMs = this.#openedAtMs;
    const { accepts } = options.opening.plan;
    this.#roles = options.bindings
      .filter(({ role }) => accepts.includes(role))
      .map((binding) => new RoleWatch(binding, options.counts.role(binding.role)));
    this.#watch = new AdviceWatch(this.#roles.filter(({ isOn }) => isOn).length);
    if (options.isStopped) this.#watch.stop();
    this.#touch();
  }

  get sessionId(): string {
    return this.#options.sessionId;
  }

  /** Doses in planes, as the client sent them. */
  get slices(): readonly KeptSlice[] {
    return this.#slices;
  }

  /** The dose in a plane; undefined when the client sent none. */
  slice(plane: string): KeptSlice | undefined {
    return this.#slices.find((slice) => slice.plane === plane);
  }

  /** The kill switch was pressed: what was forecast with advice holds no more. */
  stop(): void {
    this.#watch.stop();
    this.#prediction = null;
    this.#touch();
  }

  event(event: PlanEvent): void {
    switch (event.kind) {
      case 'level-start':
        this.#startStage(event);
        break;
      case 'iteration': {
        const { objective } = event;
        this.curve.add(objective);
        this.#pace.add(objective, this.#options.wallMs());
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
        this.#endStage(event);
        break;
      case 'finish':
        this.#slices = event.slices.map(keepSlice);
        this.#finish = finishView(event, this.#options.opening.plan, this.#slices);
        this.#prediction = null;
        break;
      default: // Volumes and geometry change nothing that is shown.
    }
    this.#touch();
  }

  answered(reply: Reply): void {
    if (reply.kind === 'summary') {
      this.#journalSha256 = reply.summary.provenance.journalSha256;
      return;
    }
    const isIteration = reply.kind === 'iteration';
    const level = reply.kind === 'geometry' ? null : reply.level;
    const stage = reply.kind === 'geometry' ? null : reply.stage;
    const place = { after: this.curve.count, level, stage };
    for (const watch of this.#roles) {
      const advice = reply.advices[watch.role];
      if (advice === undefined) continue;
      this.#watch.answered(advice);
      this.#log.add(advice, place, isIteration);
    }
    if (this.#watch.isStopped) this.#prediction = null;
    else this.#predict(reply.advices);
    this.#touch();
  }

  receipt(): void {
    // The session has counted it.
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
      journalSha256: this.#journalSha256,
      arm: this.#arms(),
      recordedIn: this.#options.recordedIn ?? null,
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
      label: opening.label,
      quality: qualityOf(plan),
      client,
      solver: plan.solverName || plan.solver,
      adviceMode,
      generation,
      state: this.#state,
      standing: this.#watch.standing(this.#state, adviceMode === 'shadow'),
      openedAtMs: this.#openedAtMs,
      updatedAtMs: this.#updatedAtMs,
      level: stage?.level ?? null,
      stage: stage?.stage ?? null,
      levels: plan.levels.length,
      iterations: this.curve.count,
      objective: finite(this.curve.latest),
      prediction: this.#prediction && {
        ...this.#prediction,
        toEnd: this.#state === 'open' ? this.#pace.toEnd(this.#prediction.value) : null,
      },
      stageStarts: this.#stages.map(({ after }) => after),
    };
  }

  #arms(): string {
    const arms = this.#options.bindings.map(({ arm }) => arm).filter((arm) => arm !== '');
    return [...new Set(arms)].join(', ');
  }

  #startStage(start: LevelStart): void {
    this.#prediction = null;
    const level = this.#options.opening.plan.levels[start.level];
    this.#pace.start(level?.iterationLimit ?? 0, level?.tolerance ?? 0);
    this.#stages.push({
      level: start.level,
      stage: start.stage,
      name: stageName(start, this.#options.opening.plan.levels.length),
      histogramSigmaGy: start.histogramSigmaGy,
      beamletCount: start.beamletCount,
      after: this.curve.count,
      iterations: 0,
      startObjective: finite(start.objective),
      objective: null,
      stopReason: null,
      ended: null,
      elapsedMs: null,
    });
    if (this.#stages.length > MAX_STAGES) this.#stages.shift();
  }

  #endStage(end: LevelEnd): void {
    const stage = this.#stages.at(-1);
    if (stage === undefined) return;
    stage.objective = finite(end.objective);
    stage.stopReason = end.stopReason;
    stage.ended = endedWords(end.stopReason, end.iterations);
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

  #touch(): void {
    this.#updatedAtMs = this.#options.wallMs();
    this.change = this.#options.changed();
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
