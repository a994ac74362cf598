import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SECRET_VARIABLE } from '../pseudonyms.js';
import { startPostgres } from '../testing/postgres-server.js';
import { experimentStores, readExperiments } from './experiment-stores.js';

const keys = { planKey: 'plan-1', patientKey: '' };
const open = (url: string, environment: NodeJS.ProcessEnv = {}) =>
  experimentStores(environment, {})(url);

describe('a file', () => {
  it('has its secret beside it, so that keys stay the same over restarts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-stores-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const url = pathToFileURL(join(folder, 'data', 'experiments.db')).href;
    const first = await open(url);
    const pseudonyms = first.pseudonymous(keys);
    expect(pseudonyms.planKey).toMatch(/^[0-9a-f]{32}$/);
    expect(pseudonyms.patientKey).toBe('');
    await first.close();
    const second = await open(url);
    expect([second.isShared, second.pseudonymous(keys)]).toEqual([false, pseudonyms]);
    await second.close();
  });

  it('is not made by a look', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-stores-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const url = pathToFileURL(join(folder, 'experiments.db')).href;
    await expect(readExperiments(url, {})).rejects.toThrow(/there is no .*experiments\.db/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a server', { timeout: 60_000 }, () => {
  it('needs one secret for all hosts, and gives a plan one key and one arm on all of them', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const url = await server.newDatabase();
    await expect(open(url)).rejects.toThrow(`the same secret in ${SECRET_VARIABLE}`);
    const environment = { [SECRET_VARIABLE]: 'a secret of the whole site' };
    const hosts = [await open(url, environment), await open(url, environment)];
    const [first, second] = hosts;
    if (first === undefined || second === undefined) throw new Error('two hosts');
    expect(first.isShared).toBe(true);
    expect(second.pseudonymous(keys)).toEqual(first.pseudonymous(keys));
    const unit = first.pseudonymous(keys).planKey;
    const proposal = { experiment: 'e', unit, reason: 'hashed' as const, shares: {}, atMs: 1 };
    await first.assignments.assign({ ...proposal, arm: 'a' });
    expect((await second.assignments.assign({ ...proposal, arm: 'b' })).arm).toBe('a');
    const looking = await readExperiments(url, {});
    expect(await looking.assignments.assignments('e')).toHaveLength(1);
    for (const host of [...hosts, looking]) await host.close();
  });

  it('gets from the next host with the same folder what an ended one had put aside; other hosts’ sessions stay', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-stores-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const url = await server.newDatabase();
    const environment = { [SECRET_VARIABLE]: 'a secret of the whole site' };
    const hostAt = (own: string) => experimentStores(environment, {})(url, join(folder, own));
    const [first, other] = [await hostAt('first'), await hostAt('other')];
    const opening = (session: string) => ({
      experiment: 'e',
      session,
      unit: session,
      arm: 'a',
      features: {},
      atMs: 1,
    });
    for (const session of ['kept', 'left']) await first.outcomes.open(opening(session));
    await other.outcomes.open(opening('running'));
    const ending = { opening: opening('kept'), status: 'finished' as const, metrics: {}, atMs: 2 };
    await first.spool.append(ending);
    await first.close();
    const next = await hostAt('first');
    expect(await next.takeOver(3)).toEqual({ stored: 1, lost: 1, rejected: 0 });
    expect((await next.outcomes.outcomes('e')).map(({ status }) => status)).toEqual([
      'finished',
      'lost',
      'open',
    ]);
    await next.close();
    await other.close();
  });

  it('does without a folder of its own: what it cannot store is rejected', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const environment = { [SECRET_VARIABLE]: 'a secret of the whole site' };
    const stores = await experimentStores(environment, {})(await server.newDatabase());
    expect(await stores.takeOver(1)).toEqual({ stored: 0, lost: 0, rejected: 0 });
    await expect(stores.spool.append({} as never)).rejects.toThrow(/no folder/);
    await stores.close();
  });
});
