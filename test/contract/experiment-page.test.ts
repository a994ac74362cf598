// What the page is told of experiments, by a whole host from its own database, computed in a thread.
import { expect, it } from 'vitest';
import type { ExperimentList, ExperimentPanel } from '../../src/experiments/report/panel.js';
import {
  EXPERIMENT,
  id,
  type LiveHost,
  planPerArm,
  ROLES,
  start,
  storesOf,
} from './stream/testing/experiment-host.js';
import { startLiveHost } from './stream/testing/live-host.js';
import { wireFinish, wireRun } from './stream/testing/wire-run.js';

async function get<T>({ httpAddress }: Pick<LiveHost, 'httpAddress'>, path: string) {
  const response = await fetch(`http://${httpAddress}${path}`);
  return { status: response.status, body: (await response.json()) as T };
}

it('lists experiments and shows one, ended or not', { timeout: 90_000 }, async () => {
  const host = await start();
  const plans = await planPerArm(host);
  for (const { plan } of plans.values()) {
    await plan.play(wireRun(1));
    await plan.ask(wireFinish);
  }
  const list = await get<ExperimentList>(host, '/api/experiments');
  expect(list.body.experiments).toMatchObject([
    { id, state: 'full', control: 'shipped', primary: { name: 'iterations' } },
  ]);
  const one = await get<ExperimentPanel>(host, `/api/experiments/${id}`);
  expect(one.body).toMatchObject({
    decision: { kind: 'continue', arm: null, reason: expect.any(String) },
    entry: { id, unit: 'plan' },
  });
  const arms = one.body.tables.find(({ title }) => title === 'Arms');
  expect(arms?.rows.map(([arm, , finished]) => [arm, finished])).toEqual([
    ['shipped (control)', '1'],
    ['fuller', '1'],
  ]);
  // Nobody's key is in it.
  expect(JSON.stringify(one.body)).not.toContain('plan-1');
  expect(await get(host, '/api/experiments/other')).toMatchObject({
    status: 404,
    body: { code: 'experiment-unknown', message: expect.stringContaining(`Known: ${id}`) },
  });

  await host.stop();
  const ended = EXPERIMENT.replace('unit: plan', 'unit: plan\n    state: ended');
  const later = await startLiveHost({ folder: host.folder, yaml: ROLES + ended });
  const stores = await storesOf(host);
  const state = async () => (await stores.experiments.get(id))?.experiment.state;
  await expect.poll(state, { timeout: 30_000 }).toBe('ended');
  const { body } = await get<ExperimentList>(later, '/api/experiments');
  expect(body).toMatchObject({ experiments: [{ id, state: 'ended' }] });
  const still = await get<ExperimentPanel>(later, `/api/experiments/${id}`);
  expect(still.body.tables[0]?.rows).toHaveLength(2);
});

it('without experiments the list is empty, and no database is made', async () => {
  const host = await startLiveHost({ yaml: ROLES });
  const { status, body } = await get<ExperimentList>(host, '/api/experiments');
  expect(status).toBe(200);
  expect(body.experiments).toEqual([]);
  expect(await get(host, `/api/experiments/${id}`)).toMatchObject({
    status: 404,
    body: { message: expect.stringContaining('Known: none') },
  });
});

it('a database that is away is told in words', async () => {
  // Nobody listens there.
  const storage = 'storage: { url: "postgres://nobody@127.0.0.1:1/none" }\n';
  const host = await startLiveHost({ yaml: storage + ROLES });
  for (const path of ['/api/experiments', `/api/experiments/${id}`]) {
    const away = await get<{ code: string; message: string }>(host, path);
    expect(away.status).toBe(503);
    expect(away.body.code).toBe('experiment-store');
    expect(away.body.message).toMatch(
      /^The database of experiments .* cannot be used: .*ECONNREFUSED/,
    );
  }
});
