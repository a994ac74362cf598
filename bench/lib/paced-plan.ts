import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { Accepted } from '../../src/generated/dh/advisor/v1/Accepted.js';
import type { AdviceHeader } from '../../src/generated/dh/advisor/v1/AdviceHeader.js';
import type { AdvisorEvent } from '../../src/generated/dh/advisor/v1/AdvisorEvent.js';
import type { IterationAdvice } from '../../src/generated/dh/advisor/v1/IterationAdvice.js';
import type { OptimizerEventInit } from '../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import type { PlanAdvisorClient } from '../../src/generated/dh/advisor/v1/PlanAdvisor.js';
import { type PacedLoad, wallMs } from './paced-messages.js';
import { PLAN_KINDS } from './plan-kinds.js';
import type { PlanRecord } from './plan-record.js';

interface Due {
  readonly atMs: number;
  readonly phase: string;
  /** When it was asked, by the clock of the machine. */
  readonly wallMs: number;
}

/** One plan from start to finish. */
export class PacedPlan {
  readonly #index: number;
  readonly #load: PacedLoad;
  readonly #record: PlanRecord;
  readonly #call: ClientDuplexStream<OptimizerEventInit, AdvisorEvent>;
  readonly #due: Due[] = [];
  #generation: number | undefined;
  #session = '';
  #isInArm = false;
  #isFinished = false;
  #asked = 0;
  #firstMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: PlanAdvisorClient, index: number, load: PacedLoad, record: PlanRecord) {
    this.#call = client.advise();
    this.#index = index;
    this.#load = load;
    this.#record = record;
  }

  /** Resolves when its stream has closed. */
  run(): Promise<void> {
    const { counts } = this.#record;
    this.#call.on('data', (event: AdvisorEvent) => this.#hear(event));
    this.#call.on('error', () => undefined);
    const planKey = `paced-${process.pid}-${this.#index}-${counts.plans}`;
    this.#call.write({ start: { ...PLAN_KINDS[this.#load.kind].start, planKey } });
    return new Promise((resolve) => {
      this.#call.on('status', ({ code, details }) => {
        clearTimeout(this.#timer);
        if (code !== 0 || !this.#isFinished) {
          counts.streamErrors += 1;
          if (counts.streamErrors === 1) process.stderr.write(`stream error ${code}: ${details}\n`);
          // A host that is gone is not asked again.
          this.#record.isOver = true;
        }
        resolve();
      });
    });
  }

  #hear({ accepted, geometry, level, iteration, summary }: AdvisorEvent): void {
    const { kind, periodMs } = this.#load;
    if (accepted) this.#open(accepted);
    else if (geometry) this.#call.write({ levelStart: PLAN_KINDS[kind].levelStart });
    else if (level) {
      this.#check(level.initialization?.header);
      this.#check(level.adaptiveVariance?.header);
      // Plans do not keep step with one another.
      const wait = Math.random() * periodMs;
      this.#firstMs = performance.now() + wait;
      this.#timer = setTimeout(() => this.#ask(), wait);
    } else if (iteration) this.#answered(iteration);
    else if (summary) {
      this.#isFinished = true;
      if (this.#isInArm && summary.outcomeKept) this.#record.summedUp.push(this.#session);
    }
  }

  #open({ configurationGeneration = 0, sessionId = '', bindings = [] }: Accepted): void {
    const { counts, generations } = this.#record;
    this.#generation = configurationGeneration;
    this.#session = sessionId;
    this.#isInArm = bindings.some(({ arm }) => arm);
    if (this.#isInArm) counts.inArms += 1;
    generations.add(configurationGeneration);
    counts.plans += 1;
    if (counts.plans === this.#load.plans) this.#record.onOpen();
    this.#call.write({ geometry: PLAN_KINDS[this.#load.kind].geometry });
  }

  #ask(): void {
    const { periodMs, iterations } = this.#load;
    const asked = this.#asked;
    if (this.#record.isOver || asked === iterations) {
      this.#call.write({ finish: { stopReason: 'STOP_REASON_TOLERANCE', iterations: asked } });
      return;
    }
    // Falls for ever, so that nobody advises to stop.
    const objective = 100 / (1 + asked);
    const atMs = this.#firstMs + asked * periodMs;
    this.#due.push({ atMs, phase: this.#record.phase, wallMs: wallMs() });
    const place = { level: 0, stage: 0, iteration: asked };
    this.#call.write({ iteration: { ...place, objective, gradientNorm: objective } });
    this.#asked += 1;
    const wait = atMs + periodMs - performance.now();
    this.#timer = setTimeout(() => this.#ask(), Math.max(0, wait));
  }

  #answered({ earlyStopping }: IterationAdvice): void {
    const due = this.#due.shift();
    if (due === undefined) return;
    this.#record.answered(due.phase, (performance.now() - due.atMs) * 1000);
    const header = earlyStopping?.header;
    this.#check(header);
    if (header !== undefined) this.#record.advised(this.#index, due.wallMs, header);
  }

  #check(header: AdviceHeader | undefined): void {
    if (header === undefined) return;
    const { configurationGeneration = 0 } = header;
    if (configurationGeneration !== this.#generation) this.#record.counts.wrongGeneration += 1;
  }
}
