import { expect, it, onTestFinished } from 'vitest';
import { experimentEntry, startHttp } from '../testing/http-fixture.js';

it('tells experiments, and one of them as of its last analysis', async () => {
  const { get } = await startHttp(onTestFinished);
  const list = await get('/api/experiments');
  expect(list.headers.get('cache-control')).toBe('no-store');
  expect(await list.json()).toEqual({ atMs: 7, experiments: [experimentEntry] });
  expect(await (await get('/api/experiments/starts')).json()).toMatchObject({
    atMs: 7,
    entry: { id: 'starts', state: 'full' },
    decision: { kind: 'continue', arm: null, reason: 'too few plans' },
  });
});

it.each(['/api/experiments/other', '/api/experiments/%2e%2e%2fstarts'])(
  'does not know %s',
  async (path) => {
    const { get } = await startHttp(onTestFinished);
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'experiment-unknown',
      message: expect.stringContaining('Known: starts'),
    });
  },
);

const origin = { who: 'tester', why: 'a test' };

it('are promoted with the guard of the host: refused, tried, overridden', async () => {
  const { post, experimentControl } = await startHttp(onTestFinished);
  const path = '/api/experiments/starts/promote';
  const refused = await post(path, { ...origin, arm: 'b' });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'experiment-not-decided' });
  const tried = await post(path, { ...origin, arm: 'b', dryRun: true });
  expect(await tried.json()).toMatchObject({ isApplied: false, moves: [{ model: 'm' }] });
  const forced = await post(path, { ...origin, arm: 'b', override: true, label: 'canary' });
  expect(await forced.json()).toMatchObject({ isApplied: true, isOverridden: true });
  expect(experimentControl.promotions.at(-1)).toMatchObject({
    label: 'canary',
    isOverride: true,
    origin: { ...origin, via: 'page' },
  });
});

it('are released with who and why', async () => {
  const { post, experimentControl } = await startHttp(onTestFinished);
  const released = await post('/api/experiments/starts/release', origin);
  expect(await released.json()).toMatchObject({ state: 'ramping' });
  expect(experimentControl.releases).toEqual([{ ...origin, via: 'page' }]);
});

it.each([
  ['/api/experiments/starts/promote', { ...origin }],
  ['/api/experiments/starts/promote', { arm: 'b', who: ' ', why: 'x' }],
  ['/api/experiments/starts/promote', { ...origin, arm: 'b', force: true }],
  ['/api/experiments/starts/release', {}],
])('take no change without everything: %s %j', async (path, body) => {
  const { post, experimentControl } = await startHttp(onTestFinished);
  expect((await post(path, body)).status).toBe(400);
  expect(experimentControl.promotions).toEqual([]);
});

it('are changed with the token only', async () => {
  const { post } = await startHttp(onTestFinished, 'sesame');
  const path = '/api/experiments/starts/release';
  expect((await post(path, origin)).status).toBe(401);
  const shown = { authorization: 'Bearer sesame' };
  expect((await post(path, origin, shown)).status).toBe(200);
});

it('is only read', async () => {
  const { post } = await startHttp(onTestFinished);
  const response = await post('/api/experiments', {});
  expect(response.status).toBe(405);
});
