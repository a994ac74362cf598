// A plan goes on at a host that did not serve it: after a restart, or at another one that shares the folder of journals.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { journalPath } from '../../../src/storage/journals/clean-journals.js';
import { verifyJournal } from '../../../src/storage/journals/verify-journal.js';
import { temporaryFolder } from './testing/live-host.js';
import { startTestHost, type TestHost, until } from './testing/test-host.js';
import { firstIterations, wireFinish, wireRun, wireStart } from './testing/wire-run.js';

const EARLY = { 'early-stopping': { plugin: 'objective-floor', deadlineMs: 10_000 } };
const NOTHING = Buffer.alloc(0);
const REFUSED = `${status.NOT_FOUND} resume-unknown`;
const nextLevel = wireRun(2).slice(5);

const startHost = (directory: string, more: Parameters<typeof startTestHost>[0] = {}) =>
  startTestHost({ roles: EARLY, journals: { enabled: true, directory }, ...more });

/** A plan that has begun, was cut off, and whose host has written down what it knew. */
async function cutPlan(host: TestHost, directory: string) {
  const client = host.client();
  const accepted = (await client.ask(wireStart()))?.accepted;
  await client.play(firstIterations(2));
  client.cancel();
  const session = accepted?.sessionId ?? '';
  const path = journalPath(directory, session);
  await until(async () => {
    try {
      return readFileSync(path, 'utf8').includes('"kind":"broken"');
    } catch {
      return false;
    }
  });
  return { session, token: accepted?.resumeToken ?? NOTHING, accepted };
}

async function resume(host: TestHost, resumeToken: Buffer, planKey = 'plan-1') {
  const client = host.client();
  const accepted = (await client.ask(wireStart(undefined, { planKey, resumeToken })))?.accepted;
  return { client, accepted };
}

async function refusal(host: TestHost, resumeToken: Buffer, planKey = 'plan-1') {
  const client = host.client();
  client.send(wireStart(undefined, { planKey, resumeToken }));
  return client.errorCode();
}

it('goes on at another host, as the same session, and the journal verifies across both', async () => {
  const directory = temporaryFolder();
  const first = await startHost(directory);
  const { session, token, accepted: before } = await cutPlan(first, directory);
  const second = await startHost(directory);
  const { client, accepted } = await resume(second, token);
  expect(before?.isTakenOver).toBe(false);
  expect(accepted).toEqual({ ...before, resumeToken: accepted?.resumeToken, isTakenOver: true });
  const [geometry = {}] = wireRun(1);
  await client.play([geometry, ...nextLevel]);
  const summary = (await client.ask(wireFinish))?.summary;
  expect(summary?.provenance).toMatchObject({ sessionId: session, resumptions: 1 });
  await second.stop();
  await first.stop();
  const verified = await verifyJournal(journalPath(directory, session, 1));
  expect(verified).toMatchObject({ state: 'whole', session, closeReason: 'finished' });
  expect(verified.head).toBe(summary?.provenance?.journalSha256);
  expect(verified.continues).toBe(journalPath(directory, session));
});

it('goes on three times, and with a token of each once', async () => {
  const directory = temporaryFolder();
  const host = await startHost(directory);
  const { session, token } = await cutPlan(host, directory);
  let newest = token;
  for (let part = 1; part <= 3; part += 1) {
    const next = await startHost(directory);
    const { client, accepted } = await resume(next, newest);
    expect(await refusal(await startHost(directory), newest)).toBe(REFUSED);
    newest = accepted?.resumeToken ?? NOTHING;
    client.cancel();
    await until(async () =>
      readFileSync(journalPath(directory, session, part), 'utf8').includes('"kind":"broken"'),
    );
  }
  const verified = await verifyJournal(journalPath(directory, session, 3));
  expect(verified).toMatchObject({ state: 'no-finish', session, brokenLine: undefined });
});

it('is taken by one of two hosts that are asked at once', async () => {
  const directory = temporaryFolder();
  const { token } = await cutPlan(await startHost(directory), directory);
  const hosts = [await startHost(directory), await startHost(directory)];
  const answers = await Promise.allSettled(hosts.map((host) => resume(host, token)));
  const accepted = answers.filter(
    (answer) => answer.status === 'fulfilled' && answer.value.accepted !== undefined,
  );
  expect(accepted).toHaveLength(1);
});

it.each([
  ['a stranger with another plan', (token: Buffer) => [token, 'plan-2'] as const],
  [
    'a stranger who guesses',
    (token: Buffer) =>
      [Buffer.concat([token.subarray(0, 16), Buffer.alloc(16)]), 'plan-1'] as const,
  ],
  ['a token of no session', () => [Buffer.alloc(32, 7), 'plan-1'] as const],
])('refuses %s', async (_who, shown) => {
  const directory = temporaryFolder();
  const { session, token } = await cutPlan(await startHost(directory), directory);
  const [resumeToken, planKey] = shown(token);
  const second = await startHost(directory);
  expect(await refusal(second, resumeToken, planKey)).toBe(REFUSED);
  // Nothing was taken from whose it is.
  const { accepted } = await resume(second, token);
  expect(accepted?.sessionId).toBe(session);
});

it.each([
  ['another plugin', { 'early-stopping': { plugin: 'plateau', deadlineMs: 10_000 } }],
  ['no plugin', {}],
  ['other settings', { 'early-stopping': { ...EARLY['early-stopping'], deadlineMs: 9_000 } }],
])(
  'refuses with %s, and leaves the session to a host that has what it began with',
  async (_what, roles) => {
    const directory = temporaryFolder();
    const { token } = await cutPlan(await startHost(directory), directory);
    const other = await startHost(directory, { roles });
    expect(await refusal(other, token)).toBe(`${status.FAILED_PRECONDITION} resume-versions`);
    const { accepted } = await resume(await startHost(directory), token);
    expect(accepted?.isTakenOver).toBe(true);
  },
);

it('refuses a plan that has finished, one that was given up, and where no journals are kept', async () => {
  const directory = temporaryFolder();
  const first = await startHost(directory, { server: { resumeTtlMs: 300 } });
  const { session, token } = await cutPlan(first, directory);
  expect(
    await refusal(await startHost(directory, { journals: { enabled: false, directory } }), token),
  ).toBe(REFUSED);
  await until(async () => (await first.metric('dh_advisor_streams_closed_total', 'lost')) === 1);
  await until(async () =>
    readFileSync(journalPath(directory, session), 'utf8').includes('"kind":"close"'),
  );
  const second = await startHost(directory);
  expect(await refusal(second, token)).toBe(REFUSED);
  const client = second.client();
  const finished = (await client.ask(wireStart()))?.accepted?.resumeToken ?? NOTHING;
  await client.ask(wireFinish);
  await client.status;
  await second.stop();
  expect(await refusal(await startHost(directory), finished)).toBe(REFUSED);
});

it('goes on after a host that went away in good order', async () => {
  const directory = temporaryFolder();
  const first = await startHost(directory);
  const { token } = await cutPlan(first, directory);
  await first.stop();
  const { accepted } = await resume(await startHost(directory), token);
  expect(accepted?.isTakenOver).toBe(true);
});

it('goes on from a journal whose last line was written half, and not from one that was changed', async () => {
  const directory = temporaryFolder();
  const { session, token } = await cutPlan(await startHost(directory), directory);
  const path = journalPath(directory, session);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"role":"early-stopping"', '"role":"early-stoppinG"'));
  expect(await refusal(await startHost(directory), token)).toBe(REFUSED);
  writeFileSync(path, `${text}{"previous":"00`);
  const { client, accepted } = await resume(await startHost(directory), token);
  expect(accepted?.sessionId).toBe(session);
  await client.ask(wireFinish);
  await client.status;
  await until(async () => {
    const { state } = await verifyJournal(journalPath(directory, session, 1));
    return state === 'whole';
  });
  // The part before may end anywhere after the line that was gone on from, but not before it.
  writeFileSync(path, text.slice(0, text.indexOf('\n') + 1));
  const cut = await verifyJournal(journalPath(directory, session, 1));
  expect(cut).toMatchObject({ state: 'broken', brokenLine: 1 });
  rmSync(path);
  const gone = await verifyJournal(journalPath(directory, session, 1));
  expect(gone).toMatchObject({ state: 'broken', brokenLine: 1 });
});
