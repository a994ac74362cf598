import { join } from 'node:path';
import { fakePlan } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { SecondConnection } from '../../../../src/storage/testing/second-connection.js';
import { EXPERIMENT, id, metric, openPlan, ROLES, storesOf } from '../testing/experiment-host.js';
import { startLiveHost, temporaryFolder } from '../testing/live-host.js';
import { wireFinish, wireStart } from '../testing/wire-run.js';

/** A host with files of its own, at a database that others use, too. */
const hostAt = (database: string, yaml = '') =>
  startLiveHost({ yaml: `${ROLES}${EXPERIMENT}storage: { url: ${database}${yaml} }\n` });

describe('a rolling restart of hosts at one file', () => {
  it('loses no plan of the host that goes', async () => {
    const folder = temporaryFolder();
    const database = join(folder, 'experiments.db');
    const first = await hostAt(database);
    const { plan } = await openPlan(first, 'plan-1');
    const second = await hostAt(database);
    const other = await openPlan(second, 'plan-2');
    await plan.ask(wireFinish);
    await first.stop();
    await other.plan.ask(wireFinish);
    const stores = await storesOf({ folder });
    expect((await stores.outcomes.outcomes(id)).map(({ status }) => status)).toEqual([
      'finished',
      'finished',
    ]);
  });
});

describe('a database that another program holds', () => {
  it('delays no open plan and no new one; what ends meanwhile is stored when it is free', async () => {
    const folder = temporaryFolder();
    const database = join(folder, 'experiments.db');
    const host = await hostAt(database, ', deadline_ms: 200');
    const { plan } = await openPlan(host, 'plan-1');
    const other = new SecondConnection(database);
    other.lock();
    const newcomer = host.client();
    const startedMs = performance.now();
    const accepted = newcomer.ask(wireStart(fakePlan(), { planKey: 'plan-2' }));
    let isOpen = true;
    void accepted.finally(() => {
      isOpen = false;
    });
    let longestMs = 0;
    for (let last = performance.now(); isOpen; last = performance.now()) {
      // One turn of the thread that serves: it is this one.
      await new Promise((resolve) => setImmediate(resolve));
      longestMs = Math.max(longestMs, performance.now() - last);
    }
    expect((await accepted)?.accepted?.arm).toBe('');
    expect(performance.now() - startedMs).toBeLessThan(2500);
    expect(longestMs).toBeLessThan(500);
    await plan.ask(wireFinish);
    expect(await metric(host, 'dh_advisor_experiment_outcomes_waiting')).toBe(1);
    other.unlock();
    await expect
      .poll(() => metric(host, 'dh_advisor_experiment_outcomes_waiting'), { timeout: 20_000 })
      .toBe(0);
    expect(other.count("outcomes where status = 'finished'")).toBe(1);
    other.checkLockIsFree();
    other.close();
  });
});
