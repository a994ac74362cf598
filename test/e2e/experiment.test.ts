// An experiment with the real optimizer: plans in two arms, one cut off together with its host, and what the report counts.
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, runRtmodel } from '../support/rtmodel.js';

const phantom = new PhantomCase();
beforeAll(() => phantom.create());
afterAll(() => phantom.dispose());

const ROLES = `  step-direction: { plugin: lbfgs, deadline_ms: 10000 }
`;
const EXPERIMENT = `storage: { deadline_ms: 5000 }
experiments:
  - id: starts
    unit: plan
    arms:
      - { id: plain, weight: 1 }
      - { id: flat, weight: 1, roles: { initialization: { plugin: uniform } } }
    control: plain
    primary: { metric: call_equivalents }
`;

/** The assignment hangs on it: six plans by chance would be in one arm once in 32 runs. */
const SECRET = { DH_ADVISOR_RECORDING_SECRET: 'a secret that draws both arms' };

interface ArmCounts {
  readonly id: string;
  readonly units: number;
  readonly open: number;
  readonly finished: number;
  readonly lost: number;
}

it('serves plans by their arms and counts how each ended', { timeout: 180_000 }, async () => {
  const host = await new HostProcess(ROLES, EXPERIMENT, SECRET).start();
  onTestFinished(async () => {
    await host.stop();
  });
  const advised = (key: string) => [
    `--advisor=${host.address}`,
    `--plan-key=${key}`,
    ...PATIENT_CLIENT,
  ];
  const armsNow = async () => {
    const args = ['experiment', 'report', 'starts', '-c', host.configFile, '--json'];
    return JSON.parse(await host.operate(...args)) as { readonly arms: readonly ArmCounts[] };
  };
  const starts: (string | undefined)[] = [];
  for (let n = 1; n <= 6; n += 1) {
    const { advice } = await phantom.optimize(advised(`plan-${n}`));
    expect(advice.status).toBe('ok');
    starts.push(advice.bindings.find(({ role }) => role === 'initialization')?.plugin);
  }
  const before = (await armsNow()).arms;
  expect(before.map(({ id }) => id)).toEqual(['plain', 'flat']);
  const ofArm = (plugin: string) => starts.filter((start) => start === plugin).length;
  expect(before.map(({ finished }) => finished)).toEqual([ofArm(''), ofArm('uniform')]);
  expect(Math.min(ofArm(''), ofArm('uniform'))).toBeGreaterThan(0);
  expect(before.every(({ open, lost }) => open === 0 && lost === 0)).toBe(true);

  const asked = () => host.metric('dh_advisor_plugin_advice_total', 'step-direction', '"applied"');
  const atStart = await asked();
  const endless = ['--solver=dh', '--max-iterations=40000', '--beamlet-mm=5', '--quiet'];
  const cut = runRtmodel(['optimize', phantom.path, ...endless, ...advised('plan-cut')]);
  while ((await asked()) < atStart + 3) await new Promise((next) => setTimeout(next, 5));
  // Held where it is: on a busy machine it would come to its end before the report is made.
  cut.kill('SIGSTOP');
  expect((await armsNow()).arms.reduce((sum, { open }) => sum + open, 0)).toBe(1);
  await host.crash();
  cut.kill('SIGKILL');
  await expect(cut).rejects.toThrow('SIGKILL');
  await host.start();
  const { arms } = await armsNow();
  const sum = (of: 'units' | 'open' | 'finished' | 'lost') =>
    arms.reduce((total, arm) => total + arm[of], 0);
  expect([sum('units'), sum('finished'), sum('lost'), sum('open')]).toEqual([7, 6, 1, 0]);
});
