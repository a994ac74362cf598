import {
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import type { TracingConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type {
  ObserverRequest,
  SessionObserver,
  SessionObserverFactory,
} from '../domain/session/session-observer.js';
import { PlanTrace } from './plan-trace.js';

export interface TracingOptions {
  readonly config: TracingConfig;
  readonly version: string;
  readonly log: Log;
  /** Replaces the exporter, in tests. */
  readonly processor?: SpanProcessor | undefined;
}

/** All tries of one delivery together: a host that leaves waits no longer for the last one. */
const SEND_MS = 2000;
const propagator = new W3CTraceContextPropagator();

/**
 * Follows sessions as OpenTelemetry spans: one a plan, and one for every n-th iteration of a plan. Spans wait in a bounded
 * queue and are sent in the background; what doesn't fit is dropped, and an endpoint that is gone costs no plan anything.
 */
export class Tracing implements SessionObserverFactory {
  readonly #provider: NodeTracerProvider;
  readonly #tracer: Tracer;
  readonly #sampleEveryN: number;

  constructor({ config, version, log, processor }: TracingOptions) {
    const { endpoint, sampleEveryN } = config;
    const address = endpoint === undefined ? {} : { url: endpoint };
    const timeoutMillis = SEND_MS;
    const sending = () =>
      new BatchSpanProcessor(new OTLPTraceExporter({ ...address, timeoutMillis }));
    this.#provider = new NodeTracerProvider({
      resource: resourceFromAttributes({
        'service.name': 'dh-advisor',
        'service.version': version,
      }),
      spanProcessors: [processor ?? sending()],
    });
    this.#tracer = this.#provider.getTracer('dh-advisor', version);
    this.#sampleEveryN = sampleEveryN;
    const report = (message: string) => log.warn('traces are not delivered', { reason: message });
    const silent = () => {};
    diag.setLogger(
      { error: report, warn: report, info: silent, debug: silent, verbose: silent },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
  }

  observe(request: ObserverRequest): SessionObserver {
    const { traceParent } = request.opening;
    const parent =
      traceParent === ''
        ? ROOT_CONTEXT
        : propagator.extract(ROOT_CONTEXT, { traceparent: traceParent }, defaultTextMapGetter);
    return new PlanTrace(this.#tracer, parent, request, this.#sampleEveryN);
  }

  /** Sends what waits, then releases what it holds. Never rejects. */
  async stop(): Promise<void> {
    await this.#provider.shutdown().catch(() => undefined);
  }
}
