// A plugin in a process of its own that does what it must not: it costs its own advice, and is back for those who go on.
import { expect, it } from 'vitest';
import type { TestConfigOptions } from '../../../src/domain/testing/test-config.js';
import { stoppingOutcomes } from '../stream/testing/stopping-outcomes.js';
import { startTestHost, type TestHost, until } from '../stream/testing/test-host.js';

type RoleSettings = NonNullable<TestConfigOptions['roles']>['early-stopping'];

/** Patient where nothing is about time. */
function faulty(
  fault: string,
  rest: RoleSettings = {},
  isolation: TestConfigOptions['isolation'] = {},
): TestConfigOptions {
  const role = { plugin: 'faulty-stopping', settings: { fault }, deadlineMs: 20_000, ...rest };
  return {
    roles: { 'early-stopping': role },
    isolation: { default: 'process', ...isolation },
  };
}

const said = (host: TestHost, message: string) =>
  host.log.lines.filter((line) => line.message === message);

it.each([
  ['throw', 'failed plugin-error'],
  ['reject', 'failed plugin-error'],
  ['nan', 'rejected not-finite'],
  ['garbage', 'failed plugin-error'],
  ['unexplained-stop', 'rejected no-explanation'],
  ['open', 'failed plugin-error'],
  ['open-null', 'failed plugin-error'],
  ['open-late', 'failed plugin-error'],
])('answers with `%s`: as in the process of the host', async (fault, outcome) => {
  const host = await startTestHost(faulty(fault));
  expect(await stoppingOutcomes(host.client(), 4)).toEqual([
    outcome,
    outcome,
    outcome,
    'disabled breaker-plan',
    'notice',
  ]);
});

it.each(['exit', 'crash', 'stray-throw'])(
  '`%s` costs one answer; it is back for plans that go on',
  async (fault) => {
    const host = await startTestHost(faulty(fault));
    const [first] = await stoppingOutcomes(host.client(), 1);
    expect(first).toBe(fault === 'stray-throw' ? 'applied' : 'failed plugin-process-ended');
    await until(() => said(host, 'the process of a plugin is back').length > 0);
    expect((await stoppingOutcomes(host.client(), 1))[0]).toBe(first);
  },
);
