// The kill switch and the operators' credentials, over real gRPC.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Outcome } from '../../../../src/generated/dh/advisor/v1/Outcome.js';
import { Role } from '../../../../src/generated/dh/advisor/v1/Role.js';
import { early as earlyRole, startLiveHost } from '../testing/live-host.js';
import { firstIterations, wireFinish, wireStart } from '../testing/wire-run.js';

const yaml = earlyRole('objective-floor');
const origin = { who: 'tester', why: 'it looks wrong', via: 'command' } as const;
const stopped = { outcome: Outcome.OUTCOME_DISABLED, reason: 'stopped-by-operator' };
const applied = { outcome: Outcome.OUTCOME_APPLIED };

type LiveHost = Awaited<ReturnType<typeof startLiveHost>>;

async function openPlan(host: LiveHost) {
  const plan = host.client();
  await plan.ask(wireStart());
  await plan.play(firstIterations(1));
  let asked = 1;
  return {
    finish: () => plan.ask(wireFinish),
    header: async () => {
      asked += 1;
      const [answer] = await plan.play(firstIterations(asked).slice(-1));
      return answer?.iteration?.earlyStopping?.header;
    },
  };
}

it('stops all plans at their next question; those that were open stay without advice', async () => {
  const host = await startLiveHost({ yaml });
  const plans = [await openPlan(host), await openPlan(host)];
  expect(await plans[0]?.header()).toMatchObject(applied);
  expect(await host.operator.stopAdvice(origin)).toBe(2);
  for (const plan of plans) expect(await plan.header()).toMatchObject(stopped);
  expect((await host.operator.status()).stopped).toMatchObject(origin);
  const during = await openPlan(host);
  expect(await during.header()).toMatchObject(stopped);
  expect(await host.operator.resumeAdvice(origin)).toBe(3);
  expect((await host.operator.status()).stopped).toBeUndefined();
  for (const plan of [...plans, during]) expect(await plan.header()).toMatchObject(stopped);
  const after = await openPlan(host);
  expect(await after.header()).toMatchObject(applied);
  const summary = (await plans[0]?.finish())?.summary;
  const early = summary?.outcomes?.filter(({ role }) => role === Role.ROLE_EARLY_STOPPING);
  expect(early?.map(({ outcome, count }) => [outcome, count])).toEqual([
    [Outcome.OUTCOME_APPLIED, 2],
    [Outcome.OUTCOME_DISABLED, 2],
  ]);
});

it('outlives a restart, works while the configuration is faulty, and is in the audit log', async () => {
  const first = await startLiveHost({ yaml });
  first.write('roles: {');
  await first.operator.stopAdvice(origin);
  first.write(yaml);
  await first.stop();
  const second = await startLiveHost({ folder: first.folder });
  expect((await second.operator.status()).stopped).toMatchObject(origin);
  expect(await (await openPlan(second)).header()).toMatchObject(stopped);
  await second.operator.resumeAdvice({ ...origin, why: 'it was right' });
  const lines = readFileSync(join(first.folder, 'host.yaml.history/audit.jsonl'), 'utf8');
  expect(lines).toMatch(/advice-stopped.*it looks wrong/);
  expect(lines).toMatch(/advice-resumed.*it was right/);
  expect(existsSync(join(first.folder, 'host.yaml.history/advice-stopped.json'))).toBe(false);
});

it('is in force even when it cannot be written down, and says so', async () => {
  const host = await startLiveHost({ yaml });
  mkdirSync(join(host.folder, 'host.yaml.history/advice-stopped.json'));
  const plan = await openPlan(host);
  await expect(host.operator.stopAdvice(origin)).rejects.toMatchObject({ code: 'stop-not-kept' });
  expect(await plan.header()).toMatchObject(stopped);
});

it('that is written down, but not in the audit log, says just that, and holds over a restart', async () => {
  const first = await startLiveHost({ yaml });
  const log = join(first.folder, 'host.yaml.history/audit.jsonl');
  renameSync(log, `${log}.away`);
  mkdirSync(log);
  const refused = { code: 'stop-not-logged' };
  await expect(first.operator.stopAdvice(origin)).rejects.toMatchObject(refused);
  await first.stop();
  rmSync(log, { recursive: true });
  const second = await startLiveHost({ folder: first.folder });
  expect((await second.operator.status()).stopped).toMatchObject(origin);
  rmSync(log);
  mkdirSync(log);
  await expect(second.operator.resumeAdvice(origin)).rejects.toMatchObject(refused);
  expect((await second.operator.status()).stopped).toBeUndefined();
  expect(existsSync(join(first.folder, 'host.yaml.history/advice-stopped.json'))).toBe(false);
});

it('a switch that cannot be read back stops advice', async () => {
  const first = await startLiveHost({ yaml });
  await first.stop();
  writeFileSync(join(first.folder, 'host.yaml.history/advice-stopped.json'), '{"who":');
  const second = await startLiveHost({ folder: first.folder });
  expect((await second.operator.status()).stopped?.why).toMatch(/cannot be read/);
});

describe('credentials', () => {
  const asked = { origin, isDryRun: false, expectedGeneration: undefined };
  const change = { kind: 'disable', role: 'early-stopping' } as const;

  it.each(['', 'wrong', 'secret-but-longer'])(
    'refuse changes with the token "%s"',
    async (token) => {
      const host = await startLiveHost({ yaml, token: 'secret', shownToken: token });
      const unauthenticated = { code: 'operator-token', cause: { code: 16 } };
      const { operator } = host;
      await expect(operator.change({ change, ...asked })).rejects.toMatchObject(unauthenticated);
      await expect(operator.stopAdvice(origin)).rejects.toMatchObject(unauthenticated);
      await expect(operator.resumeAdvice(origin)).rejects.toMatchObject(unauthenticated);
      expect((await operator.status()).generation).toBe(1);
      expect((await operator.status()).stopped).toBeUndefined();
    },
  );

  it('let changes through with the right one', async () => {
    const { operator } = await startLiveHost({ yaml, token: 'secret' });
    expect(await operator.change({ change, ...asked })).toMatchObject({ generation: 2 });
  });

  it('are needed where others can call, and not where only this machine can', async () => {
    const host = await startLiveHost({ yaml, http: '"0.0.0.0:0", insecure: i-know' });
    const page = `http://${host.httpAddress.replace('0.0.0.0', '127.0.0.1')}`;
    const byPage = await fetch(`${page}/api/advice/stop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ who: 'a', why: 'b' }),
    });
    expect(await byPage.json()).toMatchObject({ code: 'operator-token-unset' });
    expect(await (await fetch(`${page}/api/status`)).json()).toMatchObject({
      changesOff: expect.stringContaining('http.address') as string,
    });
    await host.operator.change({ change, ...asked });
    expect((await host.operator.status()).generation).toBe(2);
  });
});
