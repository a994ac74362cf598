import { readFileSync } from 'node:fs';
import type { Role } from '@dh-advisor/plugin-sdk';
import { fakePlan } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read-config.js';
import type { AdvisorEvent } from '../../../src/generated/dh/advisor/v1/AdvisorEvent.js';
import { Outcome } from '../../../src/generated/dh/advisor/v1/Outcome.js';
import { Role as WireRole } from '../../../src/generated/dh/advisor/v1/Role.js';
import { TensorKind } from '../../../src/generated/dh/advisor/v1/TensorKind.js';
import { Verdict } from '../../../src/generated/dh/advisor/v1/Verdict.js';
import { fixtureFolder, startTestHost } from './testing/test-host.js';
import { wireFinish, wireRun, wireStart } from './testing/wire-run.js';

const fixtureOf: Readonly<Record<Role, string>> = {
  initialization: 'constant-start',
  'histogram-sigma': 'constant-sigma',
  'pyramid-sigma': 'finest-only',
  'adaptive-variance': 'constant-variance',
  'step-direction': 'steepest-descent',
  'early-stopping': 'objective-floor',
};
const roles = Object.keys(fixtureOf) as Role[];

/** What a file on disk would say, with free ports. */
function yaml(plugins: Partial<Record<Role, string>>): string {
  return [
    'version: 1',
    'server: { address: "127.0.0.1:0" }',
    'operator: { address: "127.0.0.1:0" }',
    'http: { address: "127.0.0.1:0" }',
    'roles:',
    ...roles.map((role) => `  ${role}: { plugin: ${plugins[role] ?? 'off'}, deadline_ms: 2000 }`),
  ].join('\n');
}

/** The advice of a role in an answer, whichever message carries it. */
function adviceOf(role: Role, answers: readonly (AdvisorEvent | undefined)[]): readonly object[] {
  return answers.flatMap((answer) => {
    const found = {
      initialization: answer?.level?.initialization,
      'histogram-sigma': answer?.geometry?.histogramSigma,
      'pyramid-sigma': answer?.geometry?.pyramidSigma,
      'adaptive-variance': answer?.level?.adaptiveVariance,
      'step-direction': answer?.iteration?.stepDirection,
      'early-stopping': answer?.iteration?.earlyStopping,
    }[role];
    return found ? [found] : [];
  });
}

it('advises a whole plan and closes cleanly after the summary', async () => {
  const host = await startTestHost(parseConfig(yaml(fixtureOf), fixtureFolder('host.yaml')).config);
  const client = host.client();
  const opened = await client.ask(wireStart());
  expect(opened?.accepted?.sessionId).toMatch(/^[0-9a-f-]{36}$/);
  expect(opened?.accepted?.bindings?.map((binding) => binding.plugin)).toEqual(
    roles.map((role) => fixtureOf[role]),
  );
  expect(opened?.accepted?.wanted).toEqual([
    { kind: TensorKind.TENSOR_KIND_GRADIENT, everyN: 1, roles: [WireRole.ROLE_STEP_DIRECTION] },
  ]);
  const answers = await client.play(wireRun(6));
  expect(answers.map((answer) => Object.keys(answer ?? {})[0])).toEqual([
    'geometry',
    'level',
    ...Array(6).fill('iteration'),
    'level',
    ...Array(6).fill('iteration'),
  ]);
  expect(answers.flatMap((answer) => answer?.iteration?.iteration ?? 0)).toHaveLength(15);
  const end = await client.ask({
    ...wireFinish,
    receipts: [{ role: 'ROLE_STEP_DIRECTION', verdict: 'VERDICT_NOT_DESCENT', level: 0 }],
  });
  expect(end?.summary?.outcomes).toContainEqual({
    role: WireRole.ROLE_STEP_DIRECTION,
    outcome: Outcome.OUTCOME_APPLIED,
    count: 12,
  });
  expect(end?.summary?.verdicts).toEqual([
    { role: WireRole.ROLE_STEP_DIRECTION, verdict: Verdict.VERDICT_NOT_DESCENT, count: 1 },
  ]);
  expect(await client.errorCode()).toBe('0');
  expect(await host.metric('dh_advisor_streams_closed_total', 'reason="finished"')).toBe(1);
  expect(await host.metric('dh_advisor_streams_active')).toBe(0);
});

describe.each(roles)('%s is switched by configuration alone', (role) => {
  it.each(['off', fixtureOf[role]])('%s', async (plugin) => {
    const text = yaml({ [role]: plugin });
    const host = await startTestHost(parseConfig(text, fixtureFolder('host.yaml')).config);
    const client = host.client();
    const opened = await client.ask(wireStart());
    const answers = await client.play(wireRun(2));
    const isOn = plugin !== 'off';

    const binding = opened?.accepted?.bindings?.[roles.indexOf(role)];
    expect(binding?.plugin).toBe(isOn ? plugin : '');
    const advice = adviceOf(role, answers);
    expect(advice.length > 0).toBe(isOn);
    for (const entry of advice) expect(entry).toMatchObject({ header: { outcome: 1, reason: '' } });

    const bound = host.log.lines.find((line) => line.fields['role'] === role);
    expect(bound?.fields).toMatchObject({ plugin });
    const outcome = isOn ? 'applied' : 'disabled';
    const labels = [`role="${role}"`, `plugin="${plugin}"`, `outcome="${outcome}"`];
    expect(await host.metric('dh_advisor_plugin_advice_total', ...labels)).toBeGreaterThan(0);
  });
});

it('advises a whole plan with the committed configuration', async () => {
  const file = fixtureFolder('../../config/host.yaml');
  const text = readFileSync(file, 'utf8').replaceAll(/(address: 127\.0\.0\.1):\d+/g, '$1:0');
  const { config } = parseConfig(text, file);
  const host = await startTestHost(config, undefined, fixtureFolder('../../dist/plugins'));
  const client = host.client();
  const opened = await client.ask(wireStart(fakePlan({ solver: 'dh' })));
  const pluginOf = (role: Role) => (config.roles[role].bySolver.dh ?? config.roles[role]).plugin;
  const served = roles.filter((role) => pluginOf(role) !== 'off');
  expect(served.length).toBeGreaterThanOrEqual(4);
  const plugins = roles.map((role) => (served.includes(role) ? pluginOf(role) : ''));
  expect(opened?.accepted?.bindings?.map((binding) => binding.plugin)).toEqual(plugins);
  const answers = await client.play(wireRun(8));
  for (const role of served) {
    const advice = adviceOf(role, answers) as { header?: { outcome?: number } }[];
    expect(advice.length, role).toBeGreaterThan(0);
    // The plan of the fakes is like none that a model was trained on.
    const good = pluginOf(role) === 'warm-start' ? [1, 4, 7] : [1, 2, 4];
    const refused = advice.filter(({ header }) => !good.includes(header?.outcome ?? 0));
    expect(refused, role).toEqual([]);
  }
  expect((await client.ask(wireFinish))?.summary).toBeDefined();
});

it('asks only for roles that the client accepts', async () => {
  const host = await startTestHost(parseConfig(yaml(fixtureOf), fixtureFolder('host.yaml')).config);
  const client = host.client();
  const opened = await client.ask(wireStart(undefined, { accepts: ['ROLE_EARLY_STOPPING'] }));
  expect(opened?.accepted?.wanted ?? []).toEqual([]);
  const answers = await client.play(wireRun(2));
  expect(roles.filter((role) => adviceOf(role, answers).length > 0)).toEqual(['early-stopping']);
});
