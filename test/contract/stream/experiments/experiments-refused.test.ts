// Experiments that can't be: faulty definitions, arms that can't be served, a database that fails.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AssignmentStore } from '../../../../src/domain/experiments/experiments.js';
import type { OpenExperimentStores } from '../../../../src/domain/experiments/plan-experiments.js';
import { experimentStores } from '../../../../src/storage/experiments/experiment-stores.js';
import { fixtureModels } from '../../../support/model-repository.js';
import {
  EXPERIMENT,
  id,
  metric,
  openPlan,
  ROLES,
  start,
  storesOf,
} from '../testing/experiment-host.js';
import { temporaryFolder } from '../testing/live-host.js';
import { until } from '../testing/test-host.js';
import { wireFinish, wireRun } from '../testing/wire-run.js';

const ownPlugins = fileURLToPath(new URL('../../../../plugins', import.meta.url));
const ended = EXPERIMENT.replace('unit: plan', 'state: ended\n    unit: plan');

describe('a configuration', () => {
  it('with faulty definitions is refused with line and path, and nothing has changed', async () => {
    const host = await start();
    const wrong = EXPERIMENT.replace('control: shipped', 'control: nobody');
    host.write(ROLES + wrong);
    await expect(host.change({ kind: 'reload' })).rejects.toThrow(
      /host\.yaml:16: experiments\[0\]\.control is not one of the arms: shipped, fuller/,
    );
    expect((await openPlan(host, 'plan-1')).accepted?.arm).not.toBe('');
  });

  it.each([
    ['an unknown model', '{ plugin: warm-start, model: warm-start@9 }', /warm-start@9/],
    ['an unknown plugin', '{ plugin: nowhere }', /`nowhere`/],
    ['settings that are wrong', '{ settings: { fraction: 7 } }', /plugin-settings/],
    ['a model its plugin does not open', '{ model: warm-start@1 }', /plugin-settings|did not open/],
  ])(
    'whose arm has %s leaves the experiment inactive at start, and is refused later',
    async (_, arm, reason) => {
      const yaml = `models: { directory: '${fixtureModels}' }\nplugins: { directories: ['${ownPlugins}'], isolation: { default: inline } }\n${ROLES}${EXPERIMENT}`;
      const broken = yaml.replace('{ settings: { fraction: 0.5 } }', arm);
      const host = await start({ yaml: broken });
      expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
      const line = host.log.lines.find(({ message }) => message === 'experiment takes no plans');
      expect(line?.fields).toMatchObject({ experiment: id, reason: expect.stringMatching(reason) });
      // What was off before does not keep operators from changing something else.
      expect(await host.change({ kind: 'disable', role: 'early-stopping' })).toBeDefined();
      host.write(yaml);
      expect(await host.change({ kind: 'reload' })).toMatchObject({ isApplied: true });
      expect((await openPlan(host, 'plan-1')).accepted?.arm).not.toBe('');
      host.write(broken);
      await expect(host.change({ kind: 'reload' })).rejects.toThrow(
        /host\.yaml:17: experiments\[0\]\.arms\[1\]\.roles\.initialization Experiment `fuller-start`/,
      );
    },
  );

  it('without experiments opens no database, and one that ends keeps what was', async () => {
    const opened: string[] = [];
    const open = experimentStores({}, {});
    const openExperimentStores: OpenExperimentStores = (url) => {
      opened.push(url);
      return open(url);
    };
    const host = await start({ yaml: ROLES, openExperimentStores });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    expect(opened).toEqual([]);
    host.write(ROLES + EXPERIMENT);
    await host.change({ kind: 'reload' });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).not.toBe('');
    expect(opened).toHaveLength(1);
    host.write(ROLES + ended);
    await host.change({ kind: 'reload' });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    const stores = await storesOf(host);
    await until(async () => (await stores.experiments.get(id))?.experiment.state === 'ended');
  });
});

describe('a database that fails', () => {
  const silent: AssignmentStore = {
    hasUnits: async () => false,
    assign: () => new Promise(() => undefined),
    assignments: async () => [],
  };

  it('delays no plan beyond the deadline: it goes on as configured, is excluded and counted', async () => {
    const open = experimentStores({}, {});
    const host = await start({
      yaml: `storage: { deadline_ms: 30 }\n${ROLES}${EXPERIMENT}`,
      openExperimentStores: async (url) => ({ ...(await open(url)), assignments: silent }),
    });
    const { plan, accepted } = await openPlan(host, 'plan-1');
    expect(accepted?.arm).toBe('');
    expect(accepted?.bindings?.[0]?.plugin).toBe('constant-start');
    await plan.play(wireRun(1));
    expect((await plan.ask(wireFinish))?.summary).toBeDefined();
    expect(await metric(host, 'dh_advisor_experiment_plans_total', 'store-unavailable')).toBe(1);
    expect(await (await storesOf(host)).outcomes.outcomes(id)).toEqual([]);
  });

  it('gives no arm to a plan whose outcome it does not open in time, and loses it when it comes late', async () => {
    const open = experimentStores({}, {});
    let answer = () => {};
    const host = await start({
      yaml: `storage: { deadline_ms: 30 }\n${ROLES}${EXPERIMENT}`,
      openExperimentStores: async (url) => {
        const stores = await open(url);
        const { outcomes } = stores;
        const late = new Promise<void>((resolve) => {
          answer = resolve;
        });
        const slow = Object.assign(Object.create(outcomes), {
          open: (...args: Parameters<typeof outcomes.open>) =>
            late.then(() => outcomes.open(...args)),
        });
        for (const name of ['lose', 'finish', 'loseOpenedBefore'] as const) {
          slow[name] = (outcomes[name] as (...all: unknown[]) => unknown).bind(outcomes);
        }
        return { ...stores, outcomes: slow };
      },
    });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    answer();
    const stores = await storesOf(host);
    await until(async () => (await stores.outcomes.outcomes(id))[0]?.status === 'lost');
    expect(await metric(host, 'dh_advisor_experiment_store_failures_total', 'outcome')).toBe(1);
  });

  it('that cannot be opened is named at a reload, and keeps no plan away at start', async () => {
    const folder = temporaryFolder();
    const yaml = `storage: { url: /dev/null/experiments.db }\n${ROLES}`;
    const host = await start({ folder, yaml: yaml + EXPERIMENT });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    expect(await metric(host, 'dh_advisor_experiment_plans_total', 'store-unavailable')).toBe(1);
    const other = await start({ yaml });
    other.write(yaml + EXPERIMENT);
    await expect(other.change({ kind: 'reload' })).rejects.toThrow(
      /host\.yaml:5: storage\.url The database of experiments .* cannot be used/,
    );
  });
});
