import {
  credentials,
  loadPackageDefinition,
  makeClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { expect, it, onTestFinished } from 'vitest';
import type { GetStatusResponse } from '../../../../src/generated/dh/advisor/v1/GetStatusResponse.js';
import type { ListPluginsResponse } from '../../../../src/generated/dh/advisor/v1/ListPluginsResponse.js';
import type { ListSessionsResponse } from '../../../../src/generated/dh/advisor/v1/ListSessionsResponse.js';
import type { ProtoGrpcType } from '../../../../src/generated/operator.js';
import { loadContract } from '../../../../src/transport/proto-options.js';
import { fixtureFolder, startTestHost } from '../testing/test-host.js';
import { firstIterations, wireFinish, wireStart } from '../testing/wire-run.js';

const proto = new URL('../../../../proto', import.meta.url).pathname;

/** Promise of a unary call. */
function ask<T>(
  call: (done: (error: ServiceError | null, value?: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error ? reject(error) : resolve(value as T)));
  });
}

const config = {
  directories: [fixtureFolder('bad-plugins')],
  roles: {
    'early-stopping': { plugin: 'objective-floor' },
    initialization: { plugin: 'role-mismatch' },
  },
};

it('shows state, plugins and sessions on its own address', async () => {
  const host = await startTestHost(config);
  expect(host.operatorAddress).not.toBe(host.address);
  const plan = host.client();
  await plan.ask(wireStart());
  await plan.play(firstIterations(2));
  const grpc = loadPackageDefinition(loadContract(proto)) as unknown as ProtoGrpcType;
  const { OperatorService } = grpc.dh.advisor.v1;
  const client = new OperatorService(host.operatorAddress, credentials.createInsecure());
  onTestFinished(() => client.close());

  const state = await ask<GetStatusResponse>((done) => client.getStatus({}, done));
  expect(state).toMatchObject({ state: 'serving', openSessions: 1, configurationGeneration: 1 });
  expect(state.roles?.[5]).toMatchObject({
    binding: { plugin: 'objective-floor' },
    breaker: 'closed',
    outcomes: [{ outcome: 1, count: 2 }],
  });
  const { plugins } = await ask<ListPluginsResponse>((done) => client.listPlugins({}, done));
  const found = new Map(plugins?.map((plugin) => [plugin.id, plugin]));
  expect(found.get('objective-floor')?.state).toBe('active');
  expect(found.get('role-mismatch')).toMatchObject({ state: 'refused' });
  expect(found.get('role-mismatch')?.reason).toContain('plugin.json');
  const { sessions } = await ask<ListSessionsResponse>((done) => client.listSessions({}, done));
  expect(sessions).toMatchObject([{ client: 'test 1.0.0', level: 1, iteration: 1 }]);
});

/** Asks grpc.health.v1 for one name. */
function healthOf(address: string): (name: string) => Promise<string> {
  const Health = makeClientConstructor(healthService as never, 'Health');
  const client = new Health(address, credentials.createInsecure());
  onTestFinished(() => client.close());
  return async (name: string) => {
    const unary = client['check'] as unknown as (
      request: object,
      done: (error: ServiceError | null, value?: { status: string }) => void,
    ) => void;
    const answer = await ask<{ status: string }>((done) =>
      unary.call(client, { service: name }, done),
    );
    return answer.status;
  };
}

it.each([
  ['one solver', 'objective-floor', 'nowhere'],
  ['all but one solver', 'nowhere', 'objective-floor'],
])('publishes a role as failing that fails for plans of %s', async (_, plugin, ofDh) => {
  const served = { settings: {}, deadlineMs: 50, onFailure: 'default' } as const;
  const bySolver = { dh: { ...served, plugin: ofDh } };
  const host = await startTestHost({ roles: { 'early-stopping': { plugin, bySolver } } });
  const check = healthOf(host.address);
  expect(await check('role.early-stopping')).toBe('NOT_SERVING');
  expect(await check('role.initialization')).toBe('SERVING');
});

it('publishes health of the host, the service and every role', async () => {
  const host = await startTestHost(config);
  const check = healthOf(host.address);
  expect(await check('')).toBe('SERVING');
  expect(await check('dh.advisor.v1.PlanAdvisor')).toBe('SERVING');
  expect(await check('role.early-stopping')).toBe('SERVING');
  expect(await check('role.histogram-sigma')).toBe('SERVING');
  expect(await check('role.initialization')).toBe('NOT_SERVING');
  await expect(check('role.unknown')).rejects.toThrow(/NOT_FOUND/);
});

it('is not serving while it drains', async () => {
  const host = await startTestHost({ ...config, server: { drainMs: 60_000 } });
  const plan = host.client();
  await plan.ask(wireStart());
  const check = healthOf(host.address);
  expect(await check('')).toBe('SERVING');
  const stopped = host.stop();
  expect(await check('')).toBe('NOT_SERVING');
  expect(await check('role.early-stopping')).toBe('NOT_SERVING');
  await plan.ask(wireFinish);
  await stopped;
});

it('serves the operator pages and nothing else', async () => {
  const host = await startTestHost(config);
  const get = (path: string, init?: RequestInit) =>
    fetch(`http://${host.httpAddress}${path}`, init);
  expect(await (await get('/healthz')).json()).toEqual({ status: 'alive' });
  const ready = await get('/readyz');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    roles: {
      'early-stopping': 'objective-floor',
      initialization: 'failing',
      'step-direction': 'off',
    },
    storage: { experiments: 'off', recordings: 'off', outcomesWaiting: 0 },
  });
  const metrics = await get('/metrics');
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(await metrics.text()).toContain('dh_advisor_plugin_advice_seconds_bucket');
  expect((await get('/secrets')).status).toBe(404);
  expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
});
