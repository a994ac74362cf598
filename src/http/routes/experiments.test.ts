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

it('is only read', async () => {
  const { post } = await startHttp(onTestFinished);
  const response = await post('/api/experiments', {});
  expect(response.status).toBe(405);
});
