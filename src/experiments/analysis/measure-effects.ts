import type { EffectReport } from '../../domain/experiments/experiment-report.js';
import type { Experiment } from '../../domain/experiments/experiments.js';
import type { ShadowOutcome } from '../../domain/shadow/shadow-outcome.js';
import type { SequenceSettings } from '../statistics/confidence-sequence.js';
import { EffectSequence, PairedSequence } from '../statistics/effect-sequence.js';
import { eBenjaminiHochberg } from '../statistics/multiple-metrics.js';
import { comparedValue, featureCount, featureVector } from '../statistics/plan-numbers.js';
import type { AnalysedPlan } from './analysed-plans.js';
import { EffectRecord, type Question } from './effect-record.js';

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
      kind: 'secondary' as const,
      metric,
      arm,
      alpha,
      ...noMargin,
    })),
    ...nonInferiority.map((metric) => ({
      kind: 'non-inferiority' as const,
      metric,
      arm,
      alpha: perArm,
      margin: metric.margin,
    })),
    ...guardrails.map((metric) => ({
      kind: 'guardrail' as const,
      metric,
      arm,
      margin: metric.margin,
      alpha: perArm / guardrails.length,
    })),
  ]);
}

function settingsOf({ plannedPlans, start }: Experiment, alpha: number): SequenceSettings {
  return { alpha, plannedCount: plannedPlans, minimumCount: start.minPlans };
}

/** The question of one arm over the plans, one after the other. */
class EffectTracker {
  readonly #experiment: Experiment;
  readonly #question: Question;
  readonly #record: EffectRecord;
  readonly #sequence: EffectSequence;

  constructor(experiment: Experiment, question: Question) {
    this.#experiment = experiment;
    this.#question = question;
    this.#record = new EffectRecord(question);
    const settings = settingsOf(experiment, question.alpha);
    this.#sequence = new EffectSequence(featureCount(experiment.adjust), settings);
  }

  add({ outcome, shares }: AnalysedPlan, features: readonly number[]): void {
    const { arm, metric } = this.#question;
    const { control } = this.#experiment;
    const [treated = 0, untreated = 0] = [shares[arm], shares[control]];
    const isTreated = outcome.arm === arm;
    if (outcome.status !== 'finished' || (!isTreated && outcome.arm !== control)) return;
    // While one of the two was stopped nobody was drawn between them.
    if (treated === 0 || untreated === 0) return;
    const value = comparedValue(metric, outcome.metrics[metric.name]);
    if (value === undefined) {
      this.#record.countUnusable(outcome.arm);
      return;
    }
    this.#sequence.add({ isTreated, share: treated / (treated + untreated), value, features });
    this.#record.update(this.#sequence.state());
  }

  report(): EffectReport {
    return this.#record.report();
  }
}

/** All effects of an experiment; each plan is added once, in order. */
export class EffectTrackers {
  readonly #experiment: Experiment;
  readonly #trackers: readonly EffectTracker[];

  constructor(experiment: Experiment) {
    this.#experiment = experiment;
    this.#trackers = questionsOf(experiment).map(
      (question) => new EffectTracker(experiment, question),
    );
  }

  add(plan: AnalysedPlan): void {
    const features = featureVector(this.#experiment.adjust, plan.outcome.features);
    for (const tracker of this.#trackers) tracker.add(plan, features);
  }

  report(): readonly EffectReport[] {
    const effects = this.#trackers.map((tracker) => tracker.report());
    const secondary = effects.filter(({ kind }) => kind === 'secondary');
    const found = eBenjaminiHochberg(
      secondary.map(({ logE }) => logE),
      this.#experiment.alpha,
    );
    return effects.map((effect) => ({
      ...effect,
      isDiscovery: found[secondary.indexOf(effect)] ?? false,
    }));
  }
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
    const ofArm = new Map(
      shadows.filter(({ arm }) => arm === id).map((shadow) => [shadow.session, shadow]),
    );
    return [primary, ...secondary].flatMap((metric) => {
      const question = { kind: 'shadow' as const, metric, arm: id, margin: undefined, alpha };
      const record = new EffectRecord(question);
      const sequence = new PairedSequence(settingsOf(experiment, alpha));
      for (const { outcome } of plans) {
        if (outcome.status !== 'finished' || outcome.arm !== control) continue;
        const value = comparedValue(metric, ofArm.get(outcome.session)?.metrics[metric.name]);
        const served = comparedValue(metric, outcome.metrics[metric.name]);
        if (value === undefined || served === undefined) continue;
        sequence.add(value, served);
        record.update(sequence.state());
      }
      const report = record.report();
      return report.plans === 0 ? [] : [report];
    });
  });
}
