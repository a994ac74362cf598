import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';

const phantom = new PhantomCase();
beforeAll(() => phantom.create());
afterAll(() => phantom.dispose());

interface Traces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
}

/** Something that takes OTLP over HTTP. */
async function startCollector() {
  const spans: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(body) as Traces;
      for (const { scopeSpans } of resourceSpans) {
        for (const scope of scopeSpans) spans.push(...scope.spans.map(({ name }) => name));
      }
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { spans, endpoint: `http://127.0.0.1:${port}/v1/traces` };
}

it('sends the spans of a plan to where the configuration says', async () => {
  const { spans, endpoint } = await startCollector();
  const tracing = `tracing: { endpoint: '${endpoint}', sample_every_n: 5 }`;
  const host = await new HostProcess(CLASSICAL, tracing).start();
  await phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT], 8);
  const asked = await host.metric('dh_advisor_plugin_advice_total', 'role="early-stopping"');
  expect(await host.stop()).toBe(0);
  expect(spans.filter((name) => name === 'plan')).toHaveLength(1);
  const iterations = spans.filter((name) => name === 'iteration').length;
  expect(iterations).toBe(Math.ceil(asked / 5));
});

it('advises all the same when nobody takes them', async () => {
  const tracing = "tracing: { endpoint: 'http://127.0.0.1:9/v1/traces', sample_every_n: 1 }";
  const host = await new HostProcess(CLASSICAL, tracing).start();
  const { advice } = await phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT], 4);
  expect(advice.status).toBe('ok');
  expect(await host.stop()).toBe(0);
});
