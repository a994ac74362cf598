import { expect, it } from 'vitest';
import type { Binding } from '../../domain/advice/advice.js';
import type { RoleState } from '../../domain/operations/role-board.js';
import type { OutcomeCount } from '../../domain/session/advisor.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { HealthSeries, RECENT_MS } from './health-series.js';
import { roleHealth } from './role-health.js';

const role = 'early-stopping' as const;
const binding: Binding = {
  role,
  plugin: 'plateau',
  pluginVersion: '1.0.0',
  model: '',
  modelSha256: '',
  arm: '',
  solver: undefined,
  deadlineMs: 50,
};

function followed() {
  const clock = new FakeClock();
  const outcomes: OutcomeCount[] = [];
  const state: RoleState = { binding, breaker: 'closed', isHealthy: true, outcomes };
  let cpuSeconds = 0;
  const series = new HealthSeries({
    clock,
    roles: () => [state],
    openPlans: () => 3,
    loopLagP99Ms: () => 2,
    rssBytes: () => 1000,
    cpuSeconds: () => cpuSeconds,
    wallMs: () => clock.nowMs(),
  });
  series.start();
  const say = (outcome: OutcomeCount['outcome'], count: number) =>
    outcomes.push({ role, outcome, count });
  const work = (seconds: number) => {
    cpuSeconds += seconds;
  };
  const health = (overrides: Partial<RoleState> = {}, isStopped = false) =>
    roleHealth({ ...state, ...overrides }, series.recent(state), isStopped);
  return { clock, series, say, work, health };
}

it('samples every ten seconds what happened in them', () => {
  const { clock, series, say, work } = followed();
  expect(series.samples()).toEqual([]);
  say('applied', 40);
  say('timeout', 5);
  say('disabled', 99);
  work(2.5);
  clock.advance(10_000);
  expect(series.samples()).toEqual([
    {
      atMs: 10_000,
      openPlans: 3,
      rssBytes: 1000,
      cpuShare: 0.25,
      loopLagP99Ms: 2,
      questionsPerS: 4.5,
      latePerS: 0.5,
      failedPerS: 0,
    },
  ]);
  clock.advance(10_000);
  expect(series.samples().at(-1)).toMatchObject({ cpuShare: 0, questionsPerS: 0 });
});

it('keeps an hour, and nothing after it is stopped', () => {
  const { clock, series } = followed();
  clock.advance(2 * 3_600_000);
  expect(series.samples()).toHaveLength(360);
  series.stop();
  expect(clock.pendingTimers).toBe(0);
});

it('calls a role late that missed deadlines within the last minutes, and forgets it later', () => {
  const { clock, say, health } = followed();
  expect(health()).toMatchObject({ health: 'ok', why: '' });
  say('applied', 90);
  say('timeout', 10);
  expect(health()).toMatchObject({ health: 'late' });
  expect(health().why).toContain('10 % of the last 5 minutes');
  clock.advance(RECENT_MS + 20_000);
  say('applied', 50);
  expect(health().health).toBe('ok');
});

it('one late answer of a thousand is well', () => {
  const { say, health } = followed();
  say('applied', 999);
  say('timeout', 1);
  expect(health().health).toBe('ok');
});

it.each<[string, Partial<RoleState>, boolean, string]>([
  ['stopped', {}, true, 'stopped'],
  ['refused', { isHealthy: false }, false, 'failing'],
  ['broken', { isHealthy: false, breaker: 'open' }, false, 'failing'],
  ['off', { binding: { ...binding, plugin: '' } }, true, 'off'],
])('a role that is %s is not ok', (_what, overrides, isStopped, expected) => {
  expect(followed().health(overrides, isStopped).health).toBe(expected);
});

it('a role whose answers fail is failing', () => {
  const { say, health } = followed();
  say('applied', 9);
  say('failed', 1);
  expect(health()).toMatchObject({ health: 'failing' });
});
