// Shadow arms beside the real optimizer: what they would have advised is stored, and plans are as they would be without them.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';

const phantom = new PhantomCase();
beforeAll(() => phantom.create());
afterAll(() => phantom.dispose());

const ROLES = `  step-direction: { plugin: lbfgs, deadline_ms: 10000 }
  early-stopping: { plugin: plateau, deadline_ms: 10000 }
`;
// The optimizer fills the processors here, and tests are about other things than who sheds load.
const experiment = (shadowArms: string) => `storage: { deadline_ms: 5000 }
shadows: { max_wait_share: 1 }
experiments:
  - id: starts
    unit: plan
    arms:
      - { id: plain, weight: 1 }
      - { id: flat, weight: 1, roles: { initialization: { plugin: uniform } } }
    control: plain
    primary: { metric: call_equivalents }
${shadowArms}`;
const SHADOWS = `    shadow_arms:
      - { id: learned, roles: { initialization: { plugin: warm-start }, early-stopping: { plugin: convergence } } }
      - { id: same, roles: { early-stopping: { plugin: plateau } } }
`;

/** With the same secret hosts draw the same arms. */
const SECRET = { DH_ADVISOR_RECORDING_SECRET: 'a secret of two hosts that are compared' };

interface Report {
  readonly shadows: readonly {
    readonly arm: string;
    readonly served: string;
    readonly role: string;
    readonly plans: number;
    readonly questions: number;
    readonly agreed: number;
  }[];
}

async function start(shadowArms: string): Promise<HostProcess> {
  const host = await new HostProcess(ROLES, experiment(shadowArms), SECRET).start();
  onTestFinished(async () => {
    await host.stop();
  });
  return host;
}

/** Processes that this one started. */
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

/** Whether it runs; one that only waits to be noticed by whoever inherited it does not. */
const isThere = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

it.each(['crash', 'stop'] as const)(
  'leave no process behind when the host goes (%s)',
  {
    timeout: 60_000,
  },
  async (end) => {
    const host = await start(SHADOWS);
    const [child = 0, ...others] = childrenOf(host.pid);
    expect(others).toEqual([]);
    expect(isThere(child)).toBe(true);
    await host[end]();
    while (isThere(child)) await new Promise((next) => setTimeout(next, 20));
  },
);

it('are computed on the plans that are served, and change nothing of them', {
  timeout: 180_000,
}, async () => {
  const host = await start(SHADOWS);
  const bare = await start('');
  const plan = (of: HostProcess, key: string) =>
    phantom.optimize([`--advisor=${of.address}`, `--plan-key=${key}`, ...PATIENT_CLIENT]);
  for (let n = 1; n <= 4; n += 1) {
    const [withShadows, without] = [await plan(host, `plan-${n}`), await plan(bare, `plan-${n}`)];
    expect(withShadows.advice.status).toBe('ok');
    expect(withShadows.final_weights).toEqual(without.final_weights);
  }
  const stored = () => host.metric('dh_advisor_experiment_shadow_sessions_total', '"stored"');
  while ((await stored()) < 8) await new Promise((next) => setTimeout(next, 50));
  expect(await host.metric('dh_advisor_experiment_shadow_sessions_total')).toBe(8);
  const args = ['experiment', 'report', 'starts', '-c', host.configFile];
  const { shadows } = JSON.parse(await host.operate(...args, '--json')) as Report;
  const of = (arm: string, role: string) =>
    shadows.filter((shadow) => shadow.arm === arm && shadow.role === role);
  expect(of('same', 'early-stopping').reduce((sum, { plans }) => sum + plans, 0)).toBe(4);
  for (const { questions, agreed } of of('same', 'early-stopping')) {
    expect(questions).toBeGreaterThan(0);
    expect(agreed).toBe(questions);
  }
  expect(of('learned', 'initialization').length).toBeGreaterThan(0);
  expect(await host.operate(...args)).toMatch(/## What shadow arms would have advised/);
});
