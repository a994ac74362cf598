import { Metadata } from '@grpc/grpc-js';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { expect, it, onTestFinished } from 'vitest';
import { FakeLog } from '../../../src/domain/testing/fakes.js';
import { Tracing } from '../../../src/observability/tracing.js';
import { systemClock } from '../../../src/system/system-clock.js';
import { fixtureFolder, startTestHost, until } from './testing/test-host.js';
import { firstIterations, wireFinish, wireRun, wireStart } from './testing/wire-run.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

async function tracedHost(sampleEveryN: number) {
  const exporter = new InMemorySpanExporter();
  const tracing = new Tracing({
    config: { endpoint: undefined, sampleEveryN },
    version: '0.1.0',
    log: new FakeLog(),
    processor: new SimpleSpanProcessor(exporter),
  });
  onTestFinished(() => tracing.stop());
  const roles = { 'early-stopping': { plugin: 'objective-floor' } } as const;
  const plugins = fixtureFolder('plugins');
  const host = await startTestHost({ roles }, systemClock, plugins, undefined, [tracing]);
  const spans = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
  return { host, spans };
}

function callerContext(flags: string): Metadata {
  const metadata = new Metadata();
  metadata.set('traceparent', `00-${TRACE}-${CALLER}-${flags}`);
  return metadata;
}

it("makes one span a plan below the caller's, and one for every n-th iteration below that", async () => {
  const { host, spans } = await tracedHost(2);
  const plan = host.client(callerContext('01'));
  await plan.ask(wireStart());
  await plan.play(wireRun(3));
  await plan.ask(wireFinish);
  await plan.status;
  const [span] = spans('plan');
  expect(spans('plan')).toHaveLength(1);
  expect(span?.spanContext().traceId).toBe(TRACE);
  expect(span?.parentSpanContext?.spanId).toBe(CALLER);
  expect(span?.attributes).toMatchObject({
    'dh.client': 'test 1.0.0',
    'dh.generation': 1,
    'dh.stop_reason': 'tolerance',
    'dh.closed': 'finished',
    'dh.role.early-stopping': 'objective-floor@0.1.0',
  });
  expect(JSON.stringify(span?.attributes)).not.toContain('plan-1');
  expect(span?.status.code).toBe(SpanStatusCode.UNSET);
  expect(span?.events.map(({ name }) => name)).toContain('level end');
  const total = wireRun(3).filter((event) => event.iteration).length;
  const iterations = spans('iteration');
  expect(iterations).toHaveLength(Math.ceil(total / 2));
  for (const iteration of iterations) {
    expect(iteration.parentSpanContext?.spanId).toBe(span?.spanContext().spanId);
    expect(iteration.attributes).toMatchObject({ 'dh.early-stopping.outcome': 'applied' });
  }
});

it('begins a trace of its own without a caller, or when he sends nonsense', async () => {
  const { host, spans } = await tracedHost(100);
  const nonsense = new Metadata();
  nonsense.set('traceparent', 'nonsense');
  for (const metadata of [undefined, nonsense]) {
    const plan = host.client(metadata);
    await plan.ask(wireStart());
    await plan.ask(wireFinish);
    await plan.status;
  }
  expect(spans('plan').map((span) => span.parentSpanContext)).toEqual([undefined, undefined]);
});

it('makes no span where the caller has decided against it', async () => {
  const { host, spans } = await tracedHost(1);
  const plan = host.client(callerContext('00'));
  await plan.ask(wireStart());
  await plan.play(firstIterations(2));
  await plan.ask(wireFinish);
  await plan.status;
  expect([...spans('plan'), ...spans('iteration')]).toEqual([]);
});

it('says so when a plan never came back', async () => {
  const { host, spans } = await tracedHost(1);
  const plan = host.client();
  await plan.ask(wireStart());
  plan.cancel();
  await until(() => spans('plan').length === 1);
  const [span] = spans('plan');
  expect(span?.status).toMatchObject({ code: SpanStatusCode.ERROR, message: 'lost' });
  expect(span?.events.map(({ name }) => name)).toEqual(['stream broken']);
});
