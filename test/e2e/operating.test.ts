// Operators at work beside plans of the real optimizer, by the commands as people type them.
import { appendFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, type PlanResult } from '../support/rtmodel.js';

const phantom = new PhantomCase();
let host: HostProcess;
beforeAll(() => phantom.create());
afterAll(() => phantom.dispose());
beforeEach(async () => {
  const started = await new HostProcess(CLASSICAL).start();
  host = started;
  onTestFinished(async () => {
    await started.stop();
  });
});

/** Long enough that an operator gets a word in. */
function plan(): Promise<PlanResult> {
  return phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT], 4000, 5);
}

const directions = () =>
  host.metric('dh_advisor_plugin_advice_total', 'step-direction', '"applied"');

/** Starts a plan and resolves when it has taken directions. */
async function runningPlan(): Promise<{ readonly result: Promise<PlanResult> }> {
  const result = plan();
  while ((await directions()) < 3) await new Promise((next) => setTimeout(next, 5));
  return { result };
}

const bindingOf = (result: PlanResult, role: string) =>
  result.advice.bindings.find((binding) => binding.role === role)?.plugin;

it('disables a role: the running plan keeps it to its end, the next plan is without', async () => {
  const { result } = await runningPlan();
  const report = JSON.parse(await host.operate('role', 'off', 'step-direction', '--json'));
  expect(report).toMatchObject({ generation: 2, is_applied: true });
  const atChange = await directions();
  const [session] = JSON.parse(await host.operate('session', 'list', '--json'));
  expect(session).toMatchObject({ generation: 1 });
  const first = await result;
  expect(first.advice.configuration_generation).toBe(1);
  expect(await directions()).toBeGreaterThan(atChange);
  const next = await phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT]);
  expect(next.advice.configuration_generation).toBe(2);
  expect(bindingOf(next, 'step-direction')).toBe('');
  expect(bindingOf(next, 'initialization')).toBe('uniform');
  expect(host.log.filter((line) => line['generation'] === undefined)).toEqual([]);
  const opened = host.log.filter(({ msg }) => msg === 'session opened');
  expect(opened.map((line) => line['generation'])).toEqual([1, 2]);
});

it('stops advice for a running plan from its next iteration on', { timeout: 120_000 }, async () => {
  const { result } = await runningPlan();
  await host.operate('stop-advice', '--reason', 'it looks wrong', '--as', 'physicist');
  const atStop = await directions();
  const stopped = await result;
  expect(stopped.advice.status).toBe('ok');
  expect(await directions()).toBe(atStop);
  expect(
    await host.metric('dh_advisor_plugin_advice_total', 'step-direction', '"disabled"'),
  ).toBeGreaterThan(0);
  expect(await host.operate('status')).toMatch(/ADVICE IS STOPPED .*physicist: it looks wrong/);
});

it('refuses what cannot be, in a sentence, and changes nothing', async () => {
  const before = readFileSync(host.configFile, 'utf8');
  const refusals: readonly [readonly string[], RegExp][] = [
    [['role', 'off', 'late-stopping'], /late-stopping.*Allowed choices are initialization/],
    [
      ['role', 'use', 'early-stopping', 'nowhere'],
      /host\.yaml:\d+: roles\.early-stopping\.plugin .*nowhere/,
    ],
    [['role', 'use', 'early-stopping', 'plateau@9.9.9'], /not 9\.9\.9\. \[plugin-version\]/],
    [['model', 'label', 'convergence', 'stable', '99'], /not ready.*\(model-label\)/],
    [['role', 'off', 'early-stopping', '--expect-generation', '5'], /generation 5.*generation 1/],
    [['config', 'rollback', '7'], /no text of generation 7/],
  ];
  for (const [args, message] of refusals) {
    await expect(host.operate(...args), args.join(' ')).rejects.toThrow(message);
  }
  expect(readFileSync(host.configFile, 'utf8')).toBe(before);
  appendFileSync(host.configFile, '  late-stopping: {}\n');
  await expect(host.operate('role', 'off', 'early-stopping')).rejects.toThrow('config-edited');
  expect(JSON.parse(await host.operate('status', '--json'))).toMatchObject({ generation: 1 });
});
