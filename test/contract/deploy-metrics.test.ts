import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startTestHost } from './stream/testing/test-host.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

interface Dashboard {
  readonly panels: readonly { title: string; targets: readonly { expr: string }[] }[];
}
interface Rules {
  readonly groups: readonly {
    rules: readonly { alert: string; expr: string; annotations: { summary: string } }[];
  }[];
}

const dashboard = JSON.parse(read('deploy/grafana/dashboard.json')) as Dashboard;
const { groups } = parse(read('deploy/prometheus/alerts.yaml')) as Rules;
const expressions = [
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
];

/** Figures that Prometheus makes itself. */
const OF_PROMETHEUS = ['up'];
/** Labels with few values. A plan, a session or a patient is never one. */
const BOUNDED = [
  'le',
  'role',
  'plugin',
  'version',
  'arm',
  'outcome',
  'reason',
  'verdict',
  'model',
  'placement',
  'state',
  'result',
  'experiment',
  'status',
  'what',
  'solver',
];

/** Names of figures in an expression: words that are followed by no parenthesis, outside of braces and brackets. */
function figuresOf(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|on|without)\s*\([^)]*\)/g, ' ');
  return (bare.match(/\b[a-z_]+\b(?!\s*\()/g) ?? []).map((name) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  );
}

async function exposed(): Promise<string> {
  const host = await startTestHost();
  return (await fetch(`http://${host.httpAddress}/metrics`)).text();
}

describe('the figures of a host', () => {
  it('hold all that the dashboard and the alerts name', async () => {
    const text = await exposed();
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const named = [...new Set(expressions.flatMap(figuresOf))];
    expect(named.length).toBeGreaterThan(20);
    const missing = named.filter((name) => !known.has(name) && !OF_PROMETHEUS.includes(name));
    expect(missing).toEqual([]);
  });

  it.each([
    'dh_advisor_streams_active',
    'dh_advisor_streams_started_total',
    'dh_advisor_streams_closed_total',
    'dh_advisor_messages_received_total',
    'dh_advisor_messages_sent_total',
    'dh_advisor_spurious_messages_total',
    'dh_advisor_plugin_advice_total',
    'dh_advisor_plugin_advice_seconds',
    'dh_advisor_plugin_queue_seconds',
    'dh_advisor_plugin_fallback_total',
    'dh_advisor_plugin_breaker_state',
    'dh_advisor_model_load_seconds',
    'dh_advisor_model_warmup_seconds',
    'dh_advisor_model_state',
    'dh_advisor_config_generation',
    'dh_advisor_config_reload_total',
    'dh_advisor_event_loop_lag_seconds',
    'dh_advisor_experiment_plans_total',
    'dh_advisor_experiment_outcomes_total',
    'dh_advisor_experiment_store_failures_total',
    'dh_advisor_experiment_shadow_sessions_total',
    'dh_advisor_experiment_ramp_ratio',
    'dh_advisor_experiment_ramp_state',
    'dh_advisor_worker_pool_busy',
    'dh_advisor_worker_pool_queue',
  ])('include %s', async (name) => {
    expect(await exposed()).toContain(`# TYPE ${name} `);
  });

  it('have the prefix of the project and base units, counters as Prometheus names them', async () => {
    const own = [...(await exposed()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    expect(own.length).toBeGreaterThan(30);
    const odd = own.filter(
      ([, name = '', type]) =>
        !name.startsWith('dh_advisor_') ||
        /_(ms|us|millis\w*|minutes|mb|kb|percent)(_|$)/.test(name) ||
        name.endsWith('_total') !== (type === 'counter'),
    );
    expect(odd.map(([line]) => line)).toEqual([]);
  });

  it('have bounded labels only', async () => {
    const labels = (await exposed()).matchAll(/[{,]([a-z_]+)="/g);
    const unknown = new Set([...labels].map(([, name = '']) => name));
    for (const name of BOUNDED) unknown.delete(name);
    expect([...unknown]).toEqual([]);
  });
});

it('alerts say what is wrong', () => {
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(8);
  for (const { alert, annotations } of rules) expect(annotations.summary, alert).toMatch(/\.$/);
});
