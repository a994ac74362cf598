// A model that another server answers: here another host of ours, which is cut off, slow, or has something else.

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { RemoteTarget } from '../../../src/domain/open-inference/remote.js';
import { fixtureModels } from '../../support/model-repository.js';
import { fixtureFolder, startTestHost } from '../stream/testing/test-host.js';
import { wireRun, wireStart } from '../stream/testing/wire-run.js';
import { startInferenceHost } from './inference-host.js';

const target = (address: string, change: Partial<RemoteTarget> = {}): RemoteTarget => ({
  address,
  model: undefined,
  version: undefined,
  deadlineMs: 5000,
  tls: undefined,
  ...change,
});

/** Passes on what comes, until told to hold it back or to hang up. */
class Wire {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  isHolding = false;

  async open(to: string): Promise<string> {
    const [host, port] = to.split(':');
    const server = createServer((near) => {
      const far = connect(Number(port), host);
      for (const [from, into] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => undefined);
        from.on('data', (bytes) => {
          if (!this.isHolding) into.write(bytes);
        });
        from.on('close', () => into.destroy());
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    onTestFinished(() => this.cut());
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

function startHost(remote: Record<string, RemoteTarget>) {
  return startTestHost(
    {
      roles: { 'early-stopping': { plugin: 'convergence', deadlineMs: 10_000 } },
      models: { directory: fixtureModels, remote },
    },
    undefined,
    fixtureFolder('../../dist/plugins'),
  );
}

type Host = Awaited<ReturnType<typeof startHost>>;

/** The reasons that iterations of a plan were answered with; empty where there was advice. */
async function reasonsOf(host: Host, iterations: number): Promise<readonly string[]> {
  const client = host.client();
  await client.ask(wireStart());
  const reasons: string[] = [];
  for (const event of wireRun(iterations)) {
    if (event.levelEnd) break;
    const answer = await client.ask(event);
    const header = answer?.iteration?.earlyStopping?.header;
    if (header) reasons.push(header.reason ?? '');
  }
  client.cancel();
  return reasons;
}

it('answers as it would here, and its figures say where', async () => {
  const far = await startInferenceHost();
  const near = await startHost({ convergence: target(far.address) });
  expect(new Set(await reasonsOf(near, 12))).toEqual(new Set(['']));
  const ran = await near.metric('dh_advisor_model_run_seconds_count', 'placement="remote"');
  expect(ran).toBeGreaterThan(0);
  // Golden cases were asked there, too.
  expect(await far.metric('dh_advisor_model_run_seconds_count')).toBeGreaterThanOrEqual(ran);
});

it('that is cut off costs its advice, not the plan', async () => {
  const far = await startInferenceHost();
  const wire = new Wire();
  const near = await startHost({ convergence: target(await wire.open(far.address)) });
  expect(await reasonsOf(near, 3)).toContain('');
  wire.cut();
  const cutOff = await reasonsOf(near, 8);
  expect(cutOff.filter((reason) => reason !== '')).not.toEqual([]);
  expect(cutOff).toHaveLength(8);
});

it('that holds a question back is given up after its own deadline', async () => {
  const far = await startInferenceHost();
  const wire = new Wire();
  const address = await wire.open(far.address);
  const near = await startHost({ convergence: target(address, { deadlineMs: 50 }) });
  wire.isHolding = true;
  expect((await reasonsOf(near, 3))[0]).toBe('model-unavailable');
});

it.each([
  ['nobody is there', 'convergence', (): Partial<RemoteTarget> => ({ address: '127.0.0.1:1' })],
  ['does not know the model', 'convergence', () => ({ model: 'nobody' })],
  ['has another model', 'convergence', () => ({ model: 'pyramid-sigma', version: '1' })],
  ['has not loaded it', 'convergence', () => ({ version: '1' })],
] as const)('is refused where the server %s, and the role is off', async (_what, id, change) => {
  const far = await startInferenceHost();
  const near = await startHost({ [id]: { ...target(far.address), ...change() } });
  const refused = near.log.lines.filter(({ message }) => message === 'model refused');
  expect(refused.map(({ fields }) => fields['code'])).toEqual(['model-session']);
  const reasons = await reasonsOf(near, 2);
  expect(reasons.filter((reason) => reason === '')).toEqual([]);
});
