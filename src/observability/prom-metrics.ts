import { Counter, Gauge, Registry } from 'prom-client';
import type { Binding } from '../domain/advice/advice.js';
import type { BreakerState } from '../domain/advice/breaker.js';
import type {
  ExperimentFailure,
  HostFigures,
  LatencyFigures,
  MetricsSink,
  RampFigures,
  RecordingResult,
  ReloadResult,
  RoleMeter,
} from '../domain/operations/metrics.js';
import type { CloseReason } from '../domain/session/advisor.js';
import type { ShadowResult } from '../domain/shadow/shadow-outcome.js';
import { BatchedCounter, PendingCount } from './batched-counter.js';
import { EventLoopLag } from './event-loop-lag.js';
import { LatencyHistogram, quantileOf } from './latency-histogram.js';
import { PromModelMetrics } from './prom-model-metrics.js';
import { SECONDS } from './seconds.js';

const ROLE_LABELS = ['role', 'plugin', 'version', 'arm', 'solver'] as const;

const breakerNumbers: Readonly<Record<BreakerState, number>> = {
  closed: 0,
  'half-open': 1,
  open: 2,
};

function roleLabels({ role, plugin, pluginVersion, arm, solver }: Binding) {
  return { role, plugin: plugin || 'off', version: pluginVersion, arm, solver: solver ?? '' };
}

/** Prometheus figures. Labels are bounded: role, plugin, version, arm, solver, outcome, reason; never a plan or a session. */
export class PromMetrics implements MetricsSink, HostFigures {
  readonly registry = new Registry();
  readonly #received = this.#batched(
    'dh_advisor_messages_received_total',
    'Messages from optimizers.',
  );
  readonly #sent = this.#batched('dh_advisor_messages_sent_total', 'Answers to optimizers.');
  readonly #spurious = this.#batched(
    'dh_advisor_spurious_messages_total',
    'Messages that were ignored.',
  );
  readonly #started = this.#batched(
    'dh_advisor_streams_started_total',
    'Streams that opened a session.',
  );
  readonly #closed = this.#counter(
    'dh_advisor_streams_closed_total',
    'Streams and sessions ended.',
    ['reason'],
  );
  readonly #active = this.#gauge(
    'dh_advisor_streams_active',
    'Open sessions, resumable ones included.',
  );
  readonly #recordings = this.#counter(
    'dh_advisor_recordings_total',
    'What became of recordings.',
    ['result'],
  );
  readonly #enrolled = this.#counter(
    'dh_advisor_experiment_plans_total',
    'Plans that experiments were asked about; without an arm they are excluded.',
    ['experiment', 'arm', 'reason'],
  );
  readonly #outcomes = this.#counter(
    'dh_advisor_experiment_outcomes_total',
    'Ends of plans in an arm.',
    ['experiment', 'arm', 'status'],
  );
  readonly #storeFailures = this.#counter(
    'dh_advisor_experiment_store_failures_total',
    'Times that the database of experiments failed or was late.',
    ['what'],
  );
  readonly #storeUsable = this.#gauge(
    'dh_advisor_experiment_store_usable',
    '0 while the database of experiments cannot be used.',
  );
  readonly #outcomesWaiting = this.#gauge(
    'dh_advisor_experiment_outcomes_waiting',
    'Ends of plans that wait for the database of experiments.',
  );
  readonly #shadows = this.#counter(
    'dh_advisor_experiment_shadow_sessions_total',
    'Sessions that shadow arms were to follow, by what became of it.',
    ['experiment', 'arm', 'result'],
  );
  readonly #rampRatio = this.#gauge(
    'dh_advisor_experiment_ramp_ratio',
    'Share of the units that an experiment lets in, 0 to 1.',
    ['experiment'],
  );
  readonly #rampState = this.#gauge(
    'dh_advisor_experiment_ramp_state',
    '1 for the state that the ramp of an experiment is in.',
    ['experiment', 'state'],
  );
  readonly #generation = this.#gauge(
    'dh_advisor_config_generation',
    'Configuration that new sessions get.',
  );
  readonly #reloads = this.#counter(
    'dh_advisor_config_reload_total',
    'Configurations offered, by result.',
    ['result'],
  );
  readonly #stopped = this.#gauge(
    'dh_advisor_advice_stopped',
    '1 while operators have stopped all advice.',
  );
  readonly #breaker = this.#gauge(
    'dh_advisor_plugin_breaker_state',
    'Breaker of the role for the whole host: 0 closed, 1 half-open, 2 open.',
    ['role', 'solver'],
  );
  readonly #advice = this.#perRole(
    'dh_advisor_plugin_advice_total',
    'Questions by outcome.',
    'outcome',
  );
  readonly #fallback = this.#perRole(
    'dh_advisor_plugin_fallback_total',
    'Answers without a value, by reason.',
    'reason',
  );
  readonly #verdicts = this.#perRole(
    'dh_advisor_plugin_verdict_total',
    'What optimizers did with advice.',
    'verdict',
  );
  readonly #seconds = new LatencyHistogram({
    name: 'dh_advisor_plugin_advice_seconds',
    help: 'From question to answer inside the host.',
    seconds: SECONDS,
    registry: this.registry,
  });
  readonly #roles = new Map<string, RoleMeter>();
  readonly models = new PromModelMetrics(this.registry);
  readonly #eventLoop = new EventLoopLag(this.registry);

  constructor() {
    // A host without experiments has nothing that fails.
    this.#storeUsable.set(1);
  }

  /** A role that is bound to the same again goes on with its old figures. */
  role(binding: Binding): RoleMeter {
    const { plugin } = binding;
    const labels = roleLabels(binding);
    const key = Object.values(labels).join(' ');
    const known = this.#roles.get(key);
    if (known !== undefined) return known;
    const seconds = this.#seconds.series(labels);
    const outcomes = this.#advice.series(labels);
    const reasons = this.#fallback.series(labels);
    const verdicts = this.#verdicts.series(labels);
    // So that a role shows up before it is first asked.
    this.#advice.announce(labels, plugin === '' ? 'disabled' : 'applied');
    this.breaker(binding, 'closed');
    const meter: RoleMeter = {
      answered: (outcome, reason, latencyMs) => {
        outcomes.raise(outcome);
        if (outcome === 'disabled') return;
        seconds.record(latencyMs / 1000);
        if (outcome !== 'applied' && outcome !== 'clamped') reasons.raise(reason);
      },
      verdict: (verdict) => verdicts.raise(verdict),
    };
    this.#roles.set(key, meter);
    return meter;
  }

  latency(binding: Binding): LatencyFigures | undefined {
    const series = this.#seconds.series(roleLabels(binding));
    const count = series.counts.reduce((sum, inBucket) => sum + inBucket, 0);
    if (count === 0) return undefined;
    const [p50Ms, p99Ms] = [0.5, 0.99].map((share) => 1000 * quantileOf(series, SECONDS, share));
    return { count, p50Ms: p50Ms ?? 0, p99Ms: p99Ms ?? 0 };
  }

  loopLagMs() {
    return this.#eventLoop.recentMs();
  }

  breaker({ role, solver }: Pick<Binding, 'role' | 'solver'>, state: BreakerState): void {
    this.#breaker.set({ role, solver: solver ?? '' }, breakerNumbers[state]);
  }

  generation(generation: number): void {
    this.#generation.set(generation);
  }

  configReload(result: ReloadResult): void {
    this.#reloads.inc({ result });
  }

  adviceStopped(isStopped: boolean): void {
    this.#stopped.set(isStopped ? 1 : 0);
  }

  streamOpened(): void {
    this.#started.raise();
  }

  streamClosed(reason: CloseReason): void {
    this.#closed.inc({ reason });
  }

  sessions(count: number): void {
    this.#active.set(count);
  }

  received(): void {
    this.#received.raise();
  }

  sent(): void {
    this.#sent.raise();
  }

  spurious(): void {
    this.#spurious.raise();
  }

  recording(result: RecordingResult): void {
    this.#recordings.inc({ result });
  }

  enrolled(experiment: string, arm: string, reason: string): void {
    this.#enrolled.inc({ experiment, arm, reason });
  }

  outcome(experiment: string, arm: string, status: 'finished' | 'lost'): void {
    this.#outcomes.inc({ experiment, arm, status });
  }

  experimentStoreFailed(what: ExperimentFailure): void {
    this.#storeFailures.inc({ what });
  }

  experimentStore(isUsable: boolean): void {
    this.#storeUsable.set(isUsable ? 1 : 0);
  }

  outcomesWaiting(outcomes: number): void {
    this.#outcomesWaiting.set(outcomes);
  }

  shadowed(experiment: string, arm: string, result: ShadowResult): void {
    this.#shadows.inc({ experiment, arm, result });
  }

  ramps(positions: readonly RampFigures[]): void {
    this.#rampRatio.reset();
    this.#rampState.reset();
    for (const { experiment, percent, state } of positions) {
      this.#rampRatio.set({ experiment }, percent / 100);
      this.#rampState.set({ experiment, state }, 1);
    }
  }

  dispose(): void {
    this.#eventLoop.dispose();
  }

  #batched(name: string, help: string): PendingCount {
    const counts = new PendingCount();
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.inc(counts.take());
      },
    });
    return counts;
  }

  #perRole(name: string, help: string, wordLabel: string): BatchedCounter {
    return new BatchedCounter({
      name,
      help,
      wordLabel,
      labelNames: ROLE_LABELS,
      registry: this.registry,
    });
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
