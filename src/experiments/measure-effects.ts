import type {
  EffectKind,
  EffectPoint,
  EffectReport,
  EffectVerdict,
} from '../domain/experiment-report.js';
import type { Experiment, Metric, ShadowOutcome } from '../domain/experiments.js';
import type { AnalysedPlan } from './analysed-plans.js';
import type { SequenceSettings, SequenceState } from './statistics/confidence-sequence.js';
import { EffectSequence, PairedSequence } from './statistics/effect-sequence.js';
import { eBenjaminiHochberg } from './statistics/multiple-metrics.js';
import {
  comparedValue,
  featureCount,
  featureVector,
  readableEffect,
} from './statistics/plan-numbers.js';
import { compare, judgeMargin } from './statistics/verdict.js';

/** Points of a trace. */
const TRACE_POINTS = 120;

/** What is asked of one arm. */
interface Question {
  readonly kind: EffectKind;
  readonly metric: Metric;
  readonly arm: string;
  readonly margin: number | undefined;
  readonly alpha: number;
}

/** Follows one sequence: its verdict, its trace. */
class EffectFollower {
  readonly #question: Question;
  readonly #trace: EffectPoint[] = [];
  readonly #unusable: Record<string, number> = {};
  #verdict: EffectVerdict = 'undecided';
  #decidedAtPlans: number | undefined;
  #logE = 0;

  constructor(question: Question) {
    this.#question = question;
  }

  countUnusable(arm: string): void {
    this.#unusable[arm] = (this.#unusable[arm] ?? 0) + 1;
  }

  look(state: SequenceState): void {
    const { metric, margin } = this.#question;
    const bound = (value: number) =>
      Number.isFinite(value) ? readableEffect(metric, value) : null;
    this.#trace.push({
      plans: state.count,
      estimate: readableEffect(metric, state.mean),
      ...{ low: bound(state.low), high: bound(state.high) },
    });
    this.#logE = Math.max(this.#logE, state.logE);
    if (this.#verdict !== 'undecided') return;
    const verdict =
      margin === undefined ? compare(metric, state) : judgeMargin(metric, state, margin);
    if (verdict === 'undecided') return;
    this.#verdict = verdict;
    this.#decidedAtPlans = state.count;
  }

  report(): EffectReport {
    const none = { plans: 0, estimate: readableEffect(this.#question.metric, 0) };
    const last = this.#trace.at(-1) ?? { ...none, low: null, high: null };
    const step = Math.max(1, Math.ceil(this.#trace.length / TRACE_POINTS));
    const trace = this.#trace.filter((point, index) => index % step === 0 && point !== last);
    return {
      ...this.#question,
      ...last,
      ...{ verdict: this.#verdict, decidedAtPlans: this.#decidedAtPlans, logE: this.#logE },
      ...{ isDiscovery: false, unusable: this.#unusable },
      trace: this.#trace.length === 0 ? [] : [...trace, last],
    };
  }
}

/**
 * What an experiment asks of each arm. The error rate of the primary question is that of all arms together (Bonferroni); so is that
 * of all guardrails together, and that of each non-inferiority question over the arms: an arm has to pass all of them, which
 * needs no correction.
 */
function questionsOf(experiment: Experiment): readonly Question[] {
  const { alpha, control, primary, secondary, nonInferiority, guardrails } = experiment;
  const arms = experiment.arms.map(({ id }) => id).filter((id) => id !== control);
  const perArm = alpha / arms.length;
  const noMargin = { margin: undefined };
  return arms.flatMap((arm) => [
    { kind: 'primary' as const, metric: primary, arm, alpha: perArm, ...noMargin },
    ...secondary.map((metric) => ({
      ...{ kind: 'secondary' as const, metric, arm, alpha, ...noMargin },
    })),
    ...nonInferiority.map((metric) => ({
      ...{ kind: 'non-inferiority' as const, metric, arm, alpha: perArm, margin: metric.margin },
    })),
    ...guardrails.map((metric) => ({
      ...{ kind: 'guardrail' as const, metric, arm, margin: metric.margin },
      alpha: perArm / guardrails.length,
    })),
  ]);
}

function settingsOf({ plannedPlans, start }: Experiment, alpha: number): SequenceSettings {
  return { alpha, plannedCount: plannedPlans, minimumCount: start.minPlans };
}

function measure(
  experiment: Experiment,
  question: Question,
  plans: readonly AnalysedPlan[],
): EffectReport {
  const { control, adjust } = experiment;
  const follower = new EffectFollower(question);
  const sequence = new EffectSequence(featureCount(adjust), settingsOf(experiment, question.alpha));
  for (const { outcome, shares } of plans) {
    const [treated = 0, untreated = 0] = [shares[question.arm], shares[control]];
    const isTreated = outcome.arm === question.arm;
    if (outcome.status !== 'finished' || (!isTreated && outcome.arm !== control)) continue;
    // While one of the two was stopped nobody was drawn between them.
    if (treated === 0 || untreated === 0) continue;
    const value = comparedValue(question.metric, outcome.metrics[question.metric.name]);
    if (value === undefined) {
      follower.countUnusable(outcome.arm);
      continue;
    }
    const share = treated / (treated + untreated);
    sequence.add({ isTreated, share, value, features: featureVector(adjust, outcome.features) });
    follower.look(sequence.state());
  }
  return follower.report();
}

/** All effects of an experiment on the plans that take part. */
export function measureEffects(
  experiment: Experiment,
  plans: readonly AnalysedPlan[],
): readonly EffectReport[] {
  const effects = questionsOf(experiment).map((question) => measure(experiment, question, plans));
  const secondary = effects.filter(({ kind }) => kind === 'secondary');
  const found = eBenjaminiHochberg(
    secondary.map(({ logE }) => logE),
    experiment.alpha,
  );
  return effects.map((effect) => ({
    ...effect,
    isDiscovery: found[secondary.indexOf(effect)] ?? false,
  }));
}

/**
 * Shadow arms beside the plans that control served, plan by plan in the same order: each metric that both have, primary first. A
 * shadow arm's number is what it would have advised, not what would have become of the plan.
 */
export function measureShadows(
  experiment: Experiment,
  plans: readonly AnalysedPlan[],
  shadows: readonly ShadowOutcome[],
): readonly EffectReport[] {
  const { alpha, control, primary, secondary } = experiment;
  return experiment.shadowArms.flatMap(({ id }) => {
    const ofArm = new Map(shadows.filter(({ arm }) => arm === id).map((one) => [one.session, one]));
    return [primary, ...secondary].flatMap((metric) => {
      const question = { kind: 'shadow' as const, metric, arm: id, margin: undefined, alpha };
      const follower = new EffectFollower(question);
      const sequence = new PairedSequence(settingsOf(experiment, alpha));
      for (const { outcome } of plans) {
        if (outcome.status !== 'finished' || outcome.arm !== control) continue;
        const value = comparedValue(metric, ofArm.get(outcome.session)?.metrics[metric.name]);
        const served = comparedValue(metric, outcome.metrics[metric.name]);
        if (value === undefined || served === undefined) continue;
        sequence.add(value, served);
        follower.look(sequence.state());
      }
      const report = follower.report();
      return report.plans === 0 ? [] : [report];
    });
  });
}
