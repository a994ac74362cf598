// The real optimizer under the real host: its result has the hash that proves the host's journal of the plan.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const phantom = new PhantomCase();
const host = new HostProcess(CLASSICAL);
beforeAll(async () => {
  await Promise.all([phantom.create(), host.start()]);
});
afterAll(async () => {
  await host.stop();
  phantom.dispose();
});

it('proves what was decided, tells every piece of advice and every verdict, and stays small', async () => {
  const plan = await phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT]);
  const { session_id: session, provenance, roles } = plan.advice;
  expect(provenance?.journal_sha256).toMatch(/^[0-9a-f]{64}$/);
  const head = provenance?.journal_sha256 ?? '';
  const verify = () =>
    execa('node', [main, 'verify', session, '--config', host.configFile, '--head', head], {
      reject: false,
    });
  await expect.poll(async () => (await verify()).stdout).toMatch(/state +│ whole/);
  expect((await verify()).exitCode).toBe(0);

  const directory = join(dirname(host.configFile), 'journals');
  expect(readdirSync(directory)).toEqual([`${session}.journal`]);
  const text = readFileSync(join(directory, `${session}.journal`), 'utf8');
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).entry);
  const count = (kind: string, role: string, isCounted: (entry: never) => boolean) =>
    entries
      .filter((entry) => entry.kind === kind && entry.role === role && isCounted(entry as never))
      .reduce((sum, entry) => sum + entry.count, 0);
  for (const { role, accepted, refused } of roles) {
    const isAccepted = ({ verdict }: { verdict: string }) => verdict === 'accepted';
    expect([role, count('verdict', role, isAccepted)]).toEqual([role, accepted]);
    expect([role, count('verdict', role, (entry) => !isAccepted(entry))]).toEqual([role, refused]);
  }
  expect(entries.find(({ kind }) => kind === 'finish')).toMatchObject({
    reference_objective: plan.reference_objective,
    call_equivalents: plan.total.call_equivalents,
    iterations: plan.total.iterations,
  });
  expect(text.length).toBeLessThan(100_000);
});
