import type { Gauge } from 'prom-client';
import { type Binding, OUTCOMES, type Outcome } from '../../domain/advice/advice.js';
import type { BreakerState } from '../../domain/advice/breaker.js';
import type {
  LatencyFigures,
  RoleMeter,
  RoleMetrics,
  ServedKey,
} from '../../domain/operations/metrics.js';
import type { OutcomeCount } from '../../domain/session/advisor.js';
import { BatchedCounter, type WordCounts } from './batched-counter.js';
import type { Instruments } from './instruments.js';
import { LatencyHistogram, quantileOf } from './latency-histogram.js';
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

interface MeteredRole {
  readonly binding: Binding;
  readonly meter: RoleMeter;
  readonly outcomes: WordCounts;
}

/** Figures of roles. Labels are bounded: role, plugin, version, arm, solver, outcome, reason; never a plan or a session. */
export class PromRoleMetrics implements RoleMetrics {
  readonly #breaker: Gauge<'role' | 'solver'>;
  readonly #advice: BatchedCounter;
  readonly #fallback: BatchedCounter;
  readonly #verdicts: BatchedCounter;
  readonly #seconds: LatencyHistogram;
  readonly #roles = new Map<string, MeteredRole>();

  constructor(make: Instruments) {
    const { registry } = make;
    const perRole = (name: string, help: string, wordLabel: string) =>
      new BatchedCounter({ name, help, wordLabel, labelNames: ROLE_LABELS, registry });
    this.#breaker = make.gauge(
      'dh_advisor_plugin_breaker_state',
      'Breaker of the role for the whole host: 0 closed, 1 half-open, 2 open.',
      ['role', 'solver'],
    );
    this.#advice = perRole('dh_advisor_plugin_advice_total', 'Questions by outcome.', 'outcome');
    this.#fallback = perRole(
      'dh_advisor_plugin_fallback_total',
      'Answers without a value, by reason.',
      'reason',
    );
    this.#verdicts = perRole(
      'dh_advisor_plugin_verdict_total',
      'What optimizers did with advice.',
      'verdict',
    );
    this.#seconds = new LatencyHistogram({
      name: 'dh_advisor_plugin_advice_seconds',
      help: 'From question to answer inside the host.',
      seconds: SECONDS,
      registry,
    });
  }

  /** A role that is bound to the same again goes on with its old figures. */
  role(binding: Binding): RoleMeter {
    const labels = roleLabels(binding);
    const key = Object.values(labels).join(' ');
    const known = this.#roles.get(key);
    if (known !== undefined) return known.meter;
    const seconds = this.#seconds.series(labels);
    const outcomes = this.#advice.series(labels);
    const reasons = this.#fallback.series(labels);
    const verdicts = this.#verdicts.series(labels);
    // So that a role shows up before it is first asked.
    this.#advice.announce(labels, binding.plugin === '' ? 'disabled' : 'applied');
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
    this.#roles.set(key, { binding, meter, outcomes });
    return meter;
  }

  outcomes({ role, solver, arm }: Parameters<RoleMetrics['outcomes']>[0]): readonly OutcomeCount[] {
    const metered = [...this.#roles.values()].filter(
      ({ binding }) => binding.role === role && binding.solver === solver && binding.arm === arm,
    );
    const countOf = (outcome: Outcome) =>
      metered.reduce((sum, { outcomes }) => sum + outcomes.count(outcome), 0);
    return OUTCOMES.map((outcome) => ({ role, outcome, count: countOf(outcome) })).filter(
      ({ count }) => count > 0,
    );
  }

  /** Of all answers that this binding gave since the host started; undefined before the first. */
  latency(binding: Binding): LatencyFigures | undefined {
    const series = this.#seconds.series(roleLabels(binding));
    const count = series.counts.reduce((sum, inBucket) => sum + inBucket, 0);
    if (count === 0) return undefined;
    const [p50Ms, p99Ms] = [0.5, 0.99].map((share) => 1000 * quantileOf(series, SECONDS, share));
    return { count, p50Ms: p50Ms ?? 0, p99Ms: p99Ms ?? 0 };
  }

  breaker({ role, solver }: ServedKey, state: BreakerState): void {
    this.#breaker.set({ role, solver: solver ?? '' }, breakerNumbers[state]);
  }
}
