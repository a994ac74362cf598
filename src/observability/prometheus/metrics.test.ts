import { expect, it } from 'vitest';
import type { Binding } from '../../domain/advice/advice.js';
import { LatencySeries } from './latency-histogram.js';
import { PromMetrics } from './metrics.js';

const binding: Binding = {
  role: 'early-stopping',
  plugin: 'plateau',
  pluginVersion: '1.0.0',
  model: '',
  modelSha256: '',
  arm: '',
  solver: undefined,
  deadlineMs: 50,
};

it('goes on with the figures of a role that is bound to the same again', async () => {
  const metrics = new PromMetrics();
  metrics.roles.role(binding).answered('applied', '', 0.03);
  metrics.roles.role(binding).answered('applied', '', 0.03);
  metrics.control.configReload('refused');
  metrics.control.adviceStopped(true);
  const text = await metrics.registry.metrics();
  expect(text.match(/dh_advisor_plugin_advice_seconds_count\{/g)).toHaveLength(1);
  expect(text).toMatch(/dh_advisor_plugin_advice_total\{.*outcome="applied"\} 2/);
  expect(text).toContain('dh_advisor_config_reload_total{result="refused"} 1');
  expect(text).toContain('dh_advisor_advice_stopped 1');
  metrics.dispose();
});

it('counts questions by outcome and fallbacks by reason, with bounded labels', async () => {
  const metrics = new PromMetrics();
  const meter = metrics.roles.role(binding);
  meter.answered('applied', '', 0.03);
  meter.answered('applied', '', 0.03);
  meter.answered('timeout', 'late', 50);
  meter.answered('disabled', 'breaker-plan', 0);
  meter.verdict('accepted');
  metrics.streams.streamClosed('lost');
  const text = await metrics.registry.metrics();
  const labels = 'role="early-stopping",plugin="plateau",version="1.0.0",arm="",solver=""';
  expect(text).toContain(`dh_advisor_plugin_advice_total{${labels},outcome="applied"} 2`);
  expect(text).toContain(`dh_advisor_plugin_advice_total{${labels},outcome="disabled"} 1`);
  expect(text).toContain(`dh_advisor_plugin_fallback_total{${labels},reason="late"} 1`);
  expect(text).toContain(`dh_advisor_plugin_verdict_total{${labels},verdict="accepted"} 1`);
  expect(text).toContain(`dh_advisor_plugin_advice_seconds_bucket{le="0.00005",${labels}} 2`);
  expect(text).toContain(`dh_advisor_plugin_advice_seconds_bucket{le="0.02",${labels}} 2`);
  expect(text).toContain(`dh_advisor_plugin_advice_seconds_bucket{le="+Inf",${labels}} 3`);
  expect(text).toContain(`dh_advisor_plugin_advice_seconds_count{${labels}} 3`);
  expect(text).toContain(`dh_advisor_plugin_advice_seconds_sum{${labels}} 0.05006`);
  expect(text).toContain('# TYPE dh_advisor_plugin_advice_seconds histogram');
  expect(text).toContain('dh_advisor_streams_closed_total{reason="lost"} 1');
  // A second scrape counts nothing twice, and what came in between.
  meter.answered('timeout', 'late', 50);
  const again = await metrics.registry.metrics();
  expect(again).toContain(`dh_advisor_plugin_advice_total{${labels},outcome="applied"} 2`);
  expect(again).toContain(`dh_advisor_plugin_fallback_total{${labels},reason="late"} 2`);
  expect(again).toContain(`dh_advisor_plugin_verdict_total{${labels},verdict="accepted"} 1`);
  metrics.dispose();
});

it('shows models: how long they took to load, wait and run, their states, and the worker threads', async () => {
  const metrics = new PromMetrics();
  const identity = { id: 'convergence', version: '1', sha256: '' };
  const meter = metrics.models.model(identity, 'inline');
  meter.waited(0.015);
  meter.ran(0.015, 3);
  metrics.models.modelReady(identity, 40, 700);
  const state = { id: 'convergence', version: '1', labels: [], reason: '', costMs: 1 };
  let now: 'loading' | 'ready' = 'loading';
  metrics.models.watchModels({
    models: () => [{ ...state, state: now, placement: 'inline' }],
    workerPool: () => ({ busy: 2, queued: 5 }),
  });
  await metrics.registry.metrics();
  now = 'ready';
  const text = await metrics.registry.metrics();
  const labels = 'model="convergence",version="1"';
  expect(text).toContain(
    `dh_advisor_plugin_queue_seconds_bucket{le="0.00002",${labels},placement="inline"} 1`,
  );
  expect(text).toContain(`dh_advisor_model_load_seconds_bucket{le="0.05",${labels}} 1`);
  expect(text).toContain(`dh_advisor_model_warmup_seconds_bucket{le="0.5",${labels}} 0`);
  expect(text).toContain(`dh_advisor_model_warmup_seconds_bucket{le="1",${labels}} 1`);
  expect(text).toContain(`dh_advisor_model_state{${labels},state="ready"} 1`);
  expect(text).not.toContain('state="loading"');
  expect(text).toContain('dh_advisor_worker_pool_busy 2');
  expect(text).toContain('dh_advisor_worker_pool_queue 5');
  metrics.dispose();
});

it('counts on after 2^32 answers', () => {
  const series = new LatencySeries({}, Float64Array.of(1));
  series.counts[0] = 2 ** 32 - 1;
  series.record(0.5);
  expect(series.counts[0]).toBe(2 ** 32);
});

it("reads a role's latency off its histogram", () => {
  const metrics = new PromMetrics();
  expect(metrics.latency(binding)).toBeUndefined();
  const meter = metrics.roles.role(binding);
  for (let k = 0; k < 98; k += 1) meter.answered('applied', '', 0.03);
  for (let k = 0; k < 2; k += 1) meter.answered('timeout', 'late', 45);
  const { count, p50Ms, p99Ms } = metrics.latency(binding) ?? { count: 0, p50Ms: 0, p99Ms: 0 };
  expect(count).toBe(100);
  // Within the buckets from 20 to 50 us and from 20 to 50 ms.
  expect(p50Ms).toBeGreaterThan(0.02);
  expect(p50Ms).toBeLessThanOrEqual(0.05);
  expect(p99Ms).toBeGreaterThan(20);
  expect(p99Ms).toBeLessThanOrEqual(50);
  metrics.dispose();
});

it('knows the answers of a role over all plugins that served it, by arm and solver', () => {
  const metrics = new PromMetrics();
  metrics.roles.role(binding).answered('applied', '', 1);
  metrics.roles.role({ ...binding, pluginVersion: '2.0.0' }).answered('applied', '', 1);
  metrics.roles.role({ ...binding, plugin: 'convergence' }).answered('timeout', 'late', 1);
  metrics.roles.role({ ...binding, arm: 'trial/b' }).answered('failed', 'plugin-error', 1);
  metrics.roles.role({ ...binding, solver: 'dh' }).answered('clamped', 'out-of-bounds', 1);
  const role = 'early-stopping';
  expect(metrics.roles.outcomes(binding)).toEqual([
    { role, outcome: 'applied', count: 2 },
    { role, outcome: 'timeout', count: 1 },
  ]);
  expect(metrics.roles.outcomes({ ...binding, solver: 'dh' })).toEqual([
    { role, outcome: 'clamped', count: 1 },
  ]);
  metrics.dispose();
});
