import { type Context, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { Advice } from '../domain/advice/advice.js';
import type { CloseReason, PlanEvent, Reply } from '../domain/session/advisor.js';
import type { PlanFinish } from '../domain/session/plan-finish.js';
import type { ObserverRequest, SessionObserver } from '../domain/session/session-observer.js';
import type { Iteration } from '../plugin-sdk/index.js';

/** Endings that are nobody's fault. */
const GOOD_ENDS: readonly CloseReason[] = ['finished', 'drained'];

/** One plan as a span, from its opening to its end, with some of its iterations as spans within. */
export class PlanTrace implements SessionObserver {
  readonly #tracer: Tracer;
  readonly #sampleEveryN: number;
  readonly #span: Span;
  readonly #within: Context;
  #iterations = 0;
  /** The sampled iteration that is being answered. */
  #iteration: Span | undefined;

  constructor(tracer: Tracer, parent: Context, request: ObserverRequest, sampleEveryN: number) {
    const { sessionId, opening, generation, bindings } = request;
    this.#tracer = tracer;
    this.#sampleEveryN = sampleEveryN;
    const roles = bindings
      .filter(({ plugin }) => plugin !== '')
      .map(({ role, plugin, pluginVersion }) => [`dh.role.${role}`, `${plugin}@${pluginVersion}`]);
    const attributes = {
      'session.id': sessionId,
      'dh.client': opening.client,
      'dh.generation': generation,
      'dh.solver': opening.plan.solverName || opening.plan.solver,
      'dh.advice_mode': opening.adviceMode,
      ...(Object.fromEntries(roles) as Record<string, string>),
    };
    this.#span = tracer.startSpan('plan', { attributes }, parent);
    this.#within = trace.setSpan(parent, this.#span);
  }

  event(event: PlanEvent): void {
    switch (event.kind) {
      case 'level-start': {
        const { level, stage, beamletCount } = event;
        this.#span.addEvent('level start', { level, stage, beamlets: beamletCount });
        break;
      }
      case 'iteration':
        if (this.#iterations % this.#sampleEveryN === 0) this.#startIteration(event);
        this.#iterations += 1;
        break;
      case 'level-end': {
        const { level, stage, stopReason, iterations } = event;
        this.#span.addEvent('level end', { level, stage, iterations, reason: stopReason });
        break;
      }
      case 'finish':
        this.#finish(event);
        break;
      default: // Volumes and geometry have nothing that a trace shows.
    }
  }

  answered(reply: Reply): void {
    const span = this.#iteration;
    if (span === undefined || reply.kind !== 'iteration') return;
    this.#iteration = undefined;
    for (const advice of Object.values(reply.advices) as Advice[]) {
      const { role, outcome, reason, latencyUs } = advice;
      span.setAttribute(`dh.${role}.outcome`, outcome);
      span.setAttribute(`dh.${role}.latency_us`, latencyUs);
      if (reason !== '') span.setAttribute(`dh.${role}.reason`, reason);
    }
    span.end();
  }

  receipt(): void {
    // Verdicts are counted; a trace is about time.
  }

  broken(): void {
    this.#span.addEvent('stream broken');
  }

  resumed(): void {
    this.#span.addEvent('stream resumed');
  }

  close(reason: CloseReason): void {
    this.#iteration?.end();
    this.#span.setAttributes({ 'dh.closed': reason, 'dh.iterations': this.#iterations });
    if (!GOOD_ENDS.includes(reason)) {
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
    }
    this.#span.end();
  }

  #startIteration({ level, stage, iteration, objective }: Iteration): void {
    // One that was never answered, for its stream broke.
    this.#iteration?.end();
    const attributes = { level, stage, iteration, objective };
    this.#iteration = this.#tracer.startSpan('iteration', { attributes }, this.#within);
  }

  #finish({ stopReason, callEquivalents, optimizationMs, adviceWaitMs }: PlanFinish): void {
    this.#span.setAttributes({
      'dh.stop_reason': stopReason,
      'dh.call_equivalents': callEquivalents,
      'dh.optimization_ms': optimizationMs,
      'dh.advice_wait_ms': adviceWaitMs,
    });
  }
}
