// What people read of experiments, from the database that a host has written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import {
  list,
  plan,
  release,
  report,
  show,
} from '../../src/cli/experiments/experiment-commands.js';
import { id, openPlan, planPerArm, start, storesOf } from './stream/testing/experiment-host.js';
import { startLiveHost } from './stream/testing/live-host.js';
import { until } from './stream/testing/test-host.js';
import { wireFinish, wireRun } from './stream/testing/wire-run.js';

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

it('list, show and report tell what a host has written, while it runs', async () => {
  const host = await start();
  const plans = await planPerArm(host);
  for (const { plan: stream } of plans.values()) {
    await stream.play(wireRun(1));
    await stream.ask(wireFinish);
  }
  const options = { config: host.file };
  expect(await list(options)).toMatch(/fuller-start +│ full +│ shipped 1, fuller 1 +│ iterations/);
  expect(JSON.parse(await list({ ...options, json: true }))).toMatchObject([
    { experiment: { id, shadow_arms: [] }, ramp: { state: 'full', stopped_arms: [] } },
  ]);
  const shown = await show(id, options);
  expect(shown).toMatch(/^fuller-start: full, there is no ramp/);
  expect(shown).toMatch(/fuller +│ 1 +│ initialization: \{"fraction":0\.5\}/);
  const { arms } = JSON.parse(await show(id, { ...options, json: true }));
  expect(arms.map((arm: { finished: number }) => arm.finished)).toEqual([1, 1]);

  expect(await report(id, options)).toMatch(/^# Experiment fuller-start\n\n\*\*continue\*\*: /);
  const file = join(host.folder, 'report.html');
  expect(await report(id, { ...options, html: file })).toBe(`${file} is written`);
  expect(readFileSync(file, 'utf8')).toMatch(/<h1>.*fuller-start/);
  expect(JSON.parse(await report(id, { ...options, json: true }))).toMatchObject({
    decision: { kind: 'continue', arm: null },
  });

  await expect(report('nothing', options)).rejects.toThrow(
    'The database holds no experiment `nothing`. Known: fuller-start.',
  );
  // As people type it.
  const { stdout } = await execa('node', [main, 'experiment', 'show', id, '-c', host.file]);
  expect(stdout).toMatch(/fuller-start: full/);
});

it('lets an experiment go on that is held, and says who and why', async () => {
  const host = await start();
  await openPlan(host, 'plan-1');
  const { operatorAddress } = host;
  const options = {
    config: host.file,
    reason: 'looked into',
    as: 'physicist',
    host: operatorAddress,
  };
  await expect(release(id, options)).rejects.toThrow('`fuller-start` is not held: it is full');
  const stores = await storesOf(host);
  const ramp = (await stores.experiments.get(id))?.ramp;
  if (ramp === undefined) throw new Error('not stored');
  await stores.experiments.replaceRamp(id, ramp, { ...ramp, state: 'held', reason: 'losses' }, 1);
  expect(await show(id, options)).toMatch(/^fuller-start: held, losses/);
  expect(await release(id, options)).toBe('fuller-start: full, released by physicist: looked into');
  expect((await stores.experiments.get(id))?.ramp.state).toBe('full');
});

it('says where plans without a key are counted', async () => {
  const host = await start();
  const stores = await storesOf(host);
  await until(async () => (await stores.experiments.get(id)) !== undefined);
  await openPlan(host, '');
  expect(await show(id, { config: host.file })).toMatch(
    /in no arm: none; not counted here: plans without a plan key .*no-unit-key/,
  );
});

it('makes no database to look at', async () => {
  const host = await startLiveHost({ yaml: '' });
  expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
  expect(await list({ config: host.file })).toMatch(/^no experiments yet/);
  expect(JSON.parse(await list({ config: host.file, json: true }))).toEqual([]);
  await expect(show(id, { config: host.file })).rejects.toThrow(/there is no .*experiments\.db/);
  await expect(show(id, { config: host.file })).rejects.toThrow(/there is no .*experiments\.db/);
});

it('plans the size of an experiment, and says what is wrong with a question', () => {
  const question = { deviation: 0.52, explained: 0.25, share: 0.5, alpha: 0.05, power: 0.8 };
  expect(plan({ effect: -0.1, ...question })).toMatch(
    /^To see -10\.0 % .*\n {2}1099 with an analysis/,
  );
  expect(JSON.parse(plan({ effect: -0.1, ...question, json: true }))).toMatchObject({
    sequential_plans: 1099,
    fixed_plans: 574,
  });
  expect(() => plan({ effect: -1, ...question })).toThrow(RangeError);
  expect(() => plan({ effect: 0, ...question })).toThrow('the effect must not be 0');
});
