import { describe, expect, it } from 'vitest';
import { escapeHtml } from '../../domain/escape-html.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { analyse } from '../analysis/analyse.js';
import { simulatedData } from '../testing/simulated-data.js';
import { formatEffect, formatInterval, formatP } from './format.js';
import { htmlReport } from './html-report.js';
import { markdownReport } from './markdown-report.js';
import { sequenceChart } from './sequence-chart.js';

const metric = { name: 'f', direction: 'lower', scale: 'ratio', range: undefined } as const;
const experiment = testExperiment({
  guardrails: [{ ...metric, name: 'reference_objective', margin: 0.05, action: 'stop' }],
  secondary: [{ ...metric, name: 'dose:<b>|D95:PTV' }],
});
const report = analyse(simulatedData(experiment, 300, { new: { ratio: 0.8 } }), 0);
const empty = analyse(simulatedData(experiment, 0), 0);

describe('words', () => {
  it('say ratios as percent and differences with their sign', () => {
    expect(formatEffect(metric, 0.9)).toBe('-10.0 %');
    expect(formatEffect(metric, 1.255)).toBe('+25.5 %');
    expect(formatEffect({ ...metric, scale: 'difference' }, -0.12345)).toBe('-0.123');
    expect(formatEffect(metric, null)).toBe('unbounded');
  });

  it('say p-values and intervals', () => {
    expect([formatP(0.0001), formatP(0.25)]).toEqual(['below 0.001', '0.250']);
    expect(formatInterval(empty.effects[0] as never)).toBe('not known yet (0 plans)');
  });
});

describe('a report in Markdown', () => {
  it('has decision, arms, checks and effects', () => {
    const text = markdownReport(report);
    expect(text).toContain('# Experiment warm-start-2');
    expect(text).toMatch(/\*\*promote\*\*: new is better than control/);
    expect(text).toMatch(/\| old \(control\) \| \d+ /);
    expect(text).toMatch(/\| shares of the arms +\| [\d.]+ +\| quiet/);
    expect(text).toMatch(/\| primary +\| call_equivalents/);
    expect(text).toContain('dose:<b>\\|D95:PTV');
    expect(text).toContain('1970-01-01T00:00:00.000Z');
  });

  it('exists before the first plan', () => {
    expect(markdownReport(empty)).toMatch(/not known yet \(0 plans\)/);
  });
});

it('a report names shadow arms that were computed on no plan, and where the reason is', () => {
  const shadowArms = [
    { id: 'ghost', roles: {} },
    { id: 'gone', roles: {} },
  ];
  const data = simulatedData({ ...experiment, shadowArms }, 60, { new: { loss: 0.5 } });
  const finished = data.outcomes.filter(({ status }) => status === 'finished');
  const shadows = finished.slice(0, 23).map(({ session, arm: served }, k) => ({
    experiment: experiment.id,
    session,
    arm: 'ghost',
    served,
    metrics: {},
    roles: [],
    atMs: 0,
    ...(k < 20 ? {} : { lost: k < 22 ? ('no-processor' as const) : ('stopped' as const) }),
  }));
  const seen = analyse({ ...data, shadows }, 0);
  const missing = finished.length - 20;
  expect(seen.shadowCoverage).toEqual([
    {
      arm: 'ghost',
      computed: 20,
      missing,
      reasons: { 'no-processor': 2, stopped: 1, unknown: missing - 3 },
    },
    {
      arm: 'gone',
      computed: 0,
      missing: finished.length,
      reasons: { unknown: finished.length },
    },
  ]);
  for (const text of [markdownReport(seen), htmlReport(seen)]) {
    expect(text).toContain('Plans of shadow arms');
    expect(text).toContain('gone');
    expect(text).toContain('no-processor 2, stopped 1, unknown');
    expect(text).toContain('dh_advisor_experiment_shadow_sessions_total');
  }
  const before = analyse(simulatedData({ ...experiment, shadowArms }, 0), 0);
  expect(markdownReport(before)).toMatch(/\| gone +\| 0 +\| 0 +\|/);
  expect(markdownReport(before)).not.toContain('dh_advisor_experiment_shadow_sessions_total');
});

it.each([
  [{}, 'takes units'],
  [{ stoppedArms: ['new'] }, 'stopped'],
  [{ state: 'rolled-back' }, 'takes no units'],
  [{ state: 'promoted', promotedArm: 'new' }, 'promoted'],
  [
    { state: 'promoted', promotedArm: 'new', overriddenDecision: 'continue' },
    'promoted against the decision `continue`',
  ],
] as const)('a report of a ramp at %o says of the arm: %s', (changes, words) => {
  const data = simulatedData(experiment, 10);
  const seen = analyse({ ...data, ramp: { ...data.ramp, ...changes } }, 0);
  const line = markdownReport(seen).match(/^\| new .*$/m)?.[0];
  expect(line?.split('|').at(-2)?.trim()).toBe(words);
});

it('a report tells what shadow arms would have advised, and that it is no effect', () => {
  const shadowArms = [{ id: 'ghost', roles: {} }];
  const data = simulatedData({ ...experiment, shadowArms }, 60, {});
  const stop = { level: 0, stage: 1, iteration: 9, served: { iterations: 30, stopReason: 'x' } };
  const shadows = data.outcomes.map(({ session, arm: served }, n) => ({
    experiment: experiment.id,
    session,
    arm: 'ghost',
    served,
    metrics: {},
    atMs: 0,
    roles: [
      {
        role: 'early-stopping' as const,
        questions: 30,
        agreed: 24,
        late: n === 0 ? 1 : 0,
        outcomes: { applied: 29, rejected: 1 },
        difference: { count: 0, mean: 0, max: 0 },
        latencyMs: { p50: 0.5, max: 3 },
        stops: [stop, { ...stop, served: undefined }],
      },
    ],
  }));
  const seen = analyse({ ...data, shadows }, 0);
  const plans = seen.shadows.map((shadow) => shadow.plans);
  expect(plans.reduce((sum, count) => sum + count, 0)).toBe(60);
  expect(seen.shadows.map(({ served }) => served)).toEqual(['old', 'new']);
  expect(seen.shadows[0]?.stops).toEqual({
    stages: plans[0],
    iterationsAfter: 20 * (plans[0] ?? 0),
  });
  const text = markdownReport(seen);
  expect(text).toContain('## What shadow arms would have advised');
  expect(text).toMatch(/\| ghost +\| old +\| early-stopping +\| \d+ +\| \d+ +\| 80 %/);
  expect(text).toContain('it is no effect');
  expect(htmlReport(seen)).toContain('What shadow arms would have advised');
  expect(markdownReport(report)).not.toContain('shadow');
});

describe('a report in HTML', () => {
  it('is one page that loads nothing, with a picture for each effect that has an interval', () => {
    const page = htmlReport(report);
    expect(page).not.toMatch(/<script|https?:|src=|url\(/);
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).not.toMatch(/NaN|undefined|null/);
    expect(htmlReport(empty)).not.toMatch(/<svg|NaN|undefined/);
  });

  it('lets nobody write markup', () => {
    expect(htmlReport(report)).not.toContain('<b>');
    expect(escapeHtml(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
  });
});

describe('a chart', () => {
  it('shows no effect, and the margin where there is one', () => {
    const [primary, , guardrail] = report.effects;
    if (primary === undefined || guardrail === undefined) throw new Error('three effects');
    expect(sequenceChart(primary)).toMatch(/class="none"/);
    expect(sequenceChart(primary)).not.toMatch(/class="margin"/);
    expect(sequenceChart(guardrail)).toMatch(/class="margin"/);
    const more = { ...guardrail, metric: { ...guardrail.metric, direction: 'higher' as const } };
    expect(sequenceChart({ ...more, margin: 1 })).not.toMatch(/class="margin"/);
    expect(sequenceChart({ ...primary, metric: { ...metric, scale: 'difference' } })).toMatch(
      /class="none"/,
    );
  });

  it('of a single analysis is drawn, too', () => {
    const [primary] = report.effects;
    if (primary === undefined) throw new Error('an effect');
    const last = primary.trace.at(-1);
    expect(sequenceChart({ ...primary, trace: last === undefined ? [] : [last] })).not.toMatch(
      /NaN/,
    );
  });
});

it('a report is JSON', () => {
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({ decision: { kind: 'promote' } });
});
