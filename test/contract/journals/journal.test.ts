// The journal of decisions, over real streams: what stands in it, what the client is told of it, and disks that fail.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { journalPath } from '../../../src/storage/journals/clean-journals.js';
import { verifyJournal } from '../../../src/storage/journals/verify-journal.js';
import { early, startLiveHost, temporaryFolder } from '../stream/testing/live-host.js';
import { stoppingOutcomes } from '../stream/testing/stopping-outcomes.js';
import { startTestHost, type TestHost, until } from '../stream/testing/test-host.js';
import { firstIterations, wireFinish, wireRun, wireStart } from '../stream/testing/wire-run.js';

const ROLES = { 'early-stopping': { plugin: 'objective-floor', deadlineMs: 10_000 } };
const keys = { planKey: 'a-plan-key', patientKey: 'a-patient-key', label: 'a-label' };

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'dh-advisor-journals-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const startJournaling = (directory: string, more = {}) =>
  startTestHost({ roles: ROLES, journals: { enabled: true, directory, ...more } });

const entriesOf = (path: string): readonly Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).entry);

/** Plays a plan to its end; returns its session and what the host said of its journal. */
async function playPlan(host: TestHost) {
  const client = host.client();
  const accepted = (await client.ask(wireStart(undefined, keys)))?.accepted;
  await client.play(wireRun(6));
  const summary = (await client.ask(wireFinish))?.summary;
  await client.status;
  const session = accepted?.sessionId ?? '';
  return { session, head: summary?.provenance?.journalSha256, outcomes: summary?.outcomes };
}

async function readiness(host: TestHost) {
  return (await fetch(`http://${host.httpAddress}/readyz`)).json();
}

it('holds a plan from its opening to its close, and its client has the hash of its finish', async () => {
  const directory = folder();
  const host = await startJournaling(directory);
  const { session, head } = await playPlan(host);
  await host.stop();
  const path = journalPath(directory, session);
  const verified = await verifyJournal(path);
  expect(verified).toMatchObject({ state: 'whole', closeReason: 'finished', session, head });
  expect(head).toMatch(/^[0-9a-f]{64}$/);
  const entries = entriesOf(path);
  expect(entries.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['opening', 'advice', 'finish', 'close']),
  );
  expect(entries[0]).toMatchObject({ client: 'test 1.0.0', solver: 'lbfgs', mode: 'advise' });
  const told = entries.filter(({ role }) => role === 'early-stopping');
  const counted = told.reduce((sum, { count }) => sum + Number(count), 0);
  expect(counted).toBe(12);
  expect(told.length).toBeLessThan(12);
  const text = readFileSync(path, 'utf8');
  for (const secret of Object.values(keys)) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/PTV|resumeToken/);
});

it('tells of a break, a resume, and a session that never came back', async () => {
  const directory = folder();
  const host = await startTestHost({
    roles: ROLES,
    journals: { enabled: true, directory },
    server: { resumeTtlMs: 300 },
  });
  const broken = async (count: number) =>
    until(async () => (await host.metric('dh_advisor_streams_closed_total', 'broken')) === count);
  const first = host.client();
  const accepted = (await first.ask(wireStart(undefined, keys)))?.accepted;
  await first.play(firstIterations(3));
  first.cancel();
  await broken(1);
  const resumeToken = accepted?.resumeToken ?? Buffer.alloc(0);
  const second = host.client();
  await second.ask(wireStart(undefined, { ...keys, resumeToken }));
  second.cancel();
  await broken(2);
  await until(async () => (await host.metric('dh_advisor_streams_closed_total', 'lost')) === 1);
  await host.stop();
  const path = journalPath(directory, accepted?.sessionId ?? '');
  expect(await verifyJournal(path)).toMatchObject({ state: 'whole', closeReason: 'lost' });
  const kinds = entriesOf(path).map(({ kind }) => kind);
  expect(kinds.slice(-4)).toEqual(['broken', 'resumed', 'broken', 'close']);
});

it.each([
  // At its first failure, which is before anybody can observe.
  ['open', 'none', ['opening', 'role-off', 'advice', 'draining', 'close']],
  ['throw', 'default', ['opening', 'advice', 'role-off', 'advice', 'advice', 'draining', 'close']],
] as const)(
  'tells of a role that failed (%s) and was switched off',
  async (fault, onFailure, kinds) => {
    const directory = folder();
    const plugin = { plugin: 'faulty-stopping', settings: { fault }, onFailure };
    const host = await startTestHost({
      roles: { 'early-stopping': plugin },
      journals: { enabled: true, directory },
    });
    await stoppingOutcomes(host.client(), 5);
    await host.stop();
    const [name = ''] = readdirSync(directory);
    const entries = entriesOf(join(directory, name));
    expect(entries.map(({ kind }) => kind)).toEqual(kinds);
    const off = entries.find(({ kind }) => kind === 'role-off');
    expect(off).toMatchObject({ role: 'early-stopping' });
  },
);

it('tells of the kill switch', async () => {
  const live = await startLiveHost({ folder: temporaryFolder(), yaml: early('objective-floor') });
  const plan = live.client();
  const accepted = (await plan.ask(wireStart()))?.accepted;
  await plan.play(firstIterations(2));
  await live.operator.stopAdvice({ who: 'tester', why: 'a test', via: 'command' });
  await plan.play(firstIterations(4).slice(-2));
  await plan.ask(wireFinish);
  await plan.status;
  await live.stop();
  const entries = entriesOf(journalPath(join(live.folder, 'journals'), accepted?.sessionId ?? ''));
  const stopAt = entries.findIndex(({ kind }) => kind === 'advice-stopped');
  expect(entries[stopAt + 1]).toMatchObject({ reason: 'stopped-by-operator', count: 2 });
  expect(entries.slice(1, stopAt).every(({ outcome }) => outcome === 'applied')).toBe(true);
});

describe('a folder that cannot be written', () => {
  it('costs plans nothing, is told of, and the client is told no hash', async () => {
    const directory = join(folder(), 'journals');
    writeFileSync(directory, 'a file in the place of the folder');
    const host = await startJournaling(directory);
    const { head, outcomes } = await playPlan(host);
    expect(outcomes?.length).toBeGreaterThan(0);
    // The first write may still be on its way when a plan so short ends; the next plan is told for sure.
    await until(async () => (await host.metric('dh_advisor_journal_write_failures_total')) > 0);
    expect(await readiness(host)).toMatchObject({
      status: 'ready',
      storage: { journals: 'failing' },
    });
    expect(host.log.lines.some(({ message }) => message.includes('not written'))).toBe(true);
    expect(head === '' || head?.length === 64).toBe(true);
    rmSync(directory);
    mkdirSync(directory);
    const after = await playPlan(host);
    await host.stop();
    expect(readdirSync(directory).length).toBeGreaterThanOrEqual(1);
    const verified = await verifyJournal(journalPath(directory, after.session));
    expect(verified).toMatchObject({ state: 'whole' });
  });
});

it('two hosts share a folder', async () => {
  const directory = folder();
  const hosts = [await startJournaling(directory), await startJournaling(directory)];
  const plans = await Promise.all([...hosts, ...hosts].map(playPlan));
  await Promise.all(hosts.map((host) => host.stop()));
  expect(readdirSync(directory)).toHaveLength(4);
  for (const { session, head } of plans) {
    expect(await verifyJournal(journalPath(directory, session))).toMatchObject({
      state: 'whole',
      head,
    });
  }
});

it('is of nobody where it is switched off', async () => {
  const directory = folder();
  const host = await startTestHost({ roles: ROLES, journals: { enabled: false, directory } });
  const { head } = await playPlan(host);
  expect(head ?? '').toBe('');
  expect(await readiness(host)).toMatchObject({ storage: { journals: 'off' } });
  expect(readdirSync(directory)).toEqual([]);
});
