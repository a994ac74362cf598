import { FakeClock } from '@dh-advisor/plugin-sdk/testing';
import { expect, it } from 'vitest';
import type { TestConfigOptions } from '../../../src/domain/testing/test-config.js';
import { Outcome } from '../../../src/generated/dh/advisor/v1/Outcome.js';
import { stoppingOutcomes } from './testing/stopping-outcomes.js';
import { startTestHost, until } from './testing/test-host.js';
import { firstIterations, wireStart } from './testing/wire-run.js';

type RoleSettings = NonNullable<TestConfigOptions['roles']>['early-stopping'];

function faulty(fault: string, rest: RoleSettings = {}, healsAfter?: number): TestConfigOptions {
  const settings = { fault, ...(healsAfter === undefined ? {} : { heals_after: healsAfter }) };
  return { roles: { 'early-stopping': { plugin: 'faulty-stopping', settings, ...rest } } };
}

it.each([
  ['throw', 'failed plugin-error'],
  ['reject', 'failed plugin-error'],
  ['nan', 'rejected not-finite'],
  ['garbage', 'rejected malformed'],
  ['unexplained-stop', 'rejected no-explanation'],
])(
  'a plugin that answers with `%s` costs its advice, then its place in the plan',
  async (fault, outcome) => {
    const host = await startTestHost(faulty(fault));
    expect(await stoppingOutcomes(host.client(), 5)).toEqual([
      outcome,
      outcome,
      outcome,
      'disabled breaker-plan',
      'disabled breaker-plan',
      'notice',
    ]);
    const reason = outcome.split(' ')[1] ?? '';
    expect(await host.metric('dh_advisor_plugin_fallback_total', `reason="${reason}"`)).toBe(3);
  },
);

it.each(['open', 'open-null', 'open-undefined', 'open-empty', 'open-late', 'open-rejects'])(
  'a plugin whose session opens as `%s` costs its own role alone',
  async (fault) => {
    const host = await startTestHost(faulty(fault));
    expect(await stoppingOutcomes(host.client(), 2)).toEqual([
      'failed plugin-error',
      'failed plugin-error',
    ]);
    expect(host.log.lines.filter(({ message }) => message === 'plugin failed')).toHaveLength(1);
  },
);

it.each(['observe-throws', 'observe-rejects'])(
  'a plugin that fails to `%s` is told nothing once its role is off',
  async (fault) => {
    const host = await startTestHost(faulty(fault));
    const outcomes = await stoppingOutcomes(host.client(), 12);
    expect(outcomes.filter((outcome) => outcome === 'notice')).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => outcome === 'disabled breaker-plan').length,
    ).toBeGreaterThan(5);
    expect(host.log.lines.filter(({ message }) => message === 'plugin failed')).toHaveLength(3);
  },
);

it('a plugin whose session fails to end late does no harm', async () => {
  const host = await startTestHost(faulty('dispose-rejects'));
  expect(await stoppingOutcomes(host.client(), 2)).toEqual([
    'default no-advice',
    'default no-advice',
  ]);
});

it('a hanging plugin is given up at its deadline and not asked while it is busy', async () => {
  const clock = new FakeClock();
  const host = await startTestHost(faulty('hang', { deadlineMs: 40 }), clock);
  const client = host.client();
  await client.ask(wireStart());
  const [geometry, levelStart, first, second] = firstIterations(2);
  await client.play([geometry ?? {}, levelStart ?? {}]);
  const idleTimers = clock.pendingTimers;
  client.send(first ?? {});
  await until(() => clock.pendingTimers > idleTimers);
  clock.advance(40);
  const answer = await client.next();
  expect(answer?.iteration?.earlyStopping).toMatchObject({
    header: { outcome: Outcome.OUTCOME_TIMEOUT, reason: 'late', latencyUs: 40_000 },
  });
  expect(answer?.iteration?.earlyStopping?.decision ?? 0).toBe(0);
  // No time passes for this one.
  const busy = await client.ask(second ?? {});
  expect(busy?.iteration?.earlyStopping?.header?.reason).toBe('still-busy');
});

it('a plugin that cannot open a session is reported as failed', async () => {
  const host = await startTestHost(faulty('open'));
  expect(await stoppingOutcomes(host.client(), 2)).toEqual([
    'failed plugin-error',
    'failed plugin-error',
  ]);
});

it('none: one failure ends the role for the plan', async () => {
  const host = await startTestHost(faulty('throw', { onFailure: 'none' }));
  expect((await stoppingOutcomes(host.client(), 3)).slice(0, 3)).toEqual([
    'failed plugin-error',
    'disabled breaker-plan',
    'disabled breaker-plan',
  ]);
});

it('hold_last: has nothing to hold before a first success', async () => {
  const host = await startTestHost(faulty('throw', { onFailure: 'hold_last' }));
  expect((await stoppingOutcomes(host.client(), 1))[0]).toBe('failed plugin-error');
});

it('opens the breaker of the host, shows it, and closes it after a probe that succeeds', async () => {
  const clock = new FakeClock();
  const breaker = { planFailures: 2, hostFailures: 4, coolDownMs: 1000 };
  const host = await startTestHost({ ...faulty('throw', {}, 4), breaker }, clock);
  const inFirst = await stoppingOutcomes(host.client(), 3);
  const inSecond = await stoppingOutcomes(host.client(), 3);
  const failed = 'failed plugin-error';
  expect(inFirst.slice(0, 3)).toEqual([failed, failed, 'disabled breaker-plan']);
  expect(inSecond.slice(0, 3)).toEqual([failed, failed, 'disabled breaker-plan']);
  expect((await stoppingOutcomes(host.client(), 1))[0]).toBe('disabled breaker-host');
  expect(await host.metric('dh_advisor_plugin_breaker_state', 'role="early-stopping"')).toBe(2);

  clock.advance(1000);
  expect(await stoppingOutcomes(host.client(), 2)).toEqual(['applied', 'applied']);
  expect(await host.metric('dh_advisor_plugin_breaker_state', 'role="early-stopping"')).toBe(0);
});

it.each([
  ['uphill', 'not-descent'],
  ['nan', 'not-finite'],
  ['wrong-length', 'wrong-length'],
])('a direction that is `%s` never reaches the optimizer', async (fault, reason) => {
  const host = await startTestHost({
    roles: { 'step-direction': { plugin: 'faulty-direction', settings: { fault } } },
  });
  const client = host.client();
  await client.ask(wireStart());
  const answers = await client.play(firstIterations(1));
  const advice = answers.at(-1)?.iteration?.stepDirection;
  expect(advice).toMatchObject({ header: { outcome: Outcome.OUTCOME_REJECTED, reason } });
  expect(advice?.direction).toBeUndefined();
});
