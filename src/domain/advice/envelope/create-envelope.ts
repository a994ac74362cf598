import type { PlanView, Role } from '../../../plugin-sdk/index.js';
import type { EnvelopeConfig } from '../../host-config.js';
import { noAdvice } from '../advice.js';
import { stepDirectionEnvelope } from './direction-envelope.js';
import type { Envelope } from './envelope.js';
import { histogramSigmaEnvelope, pyramidSigmaEnvelope } from './sigma-envelopes.js';
import { earlyStoppingEnvelope } from './stopping-envelope.js';
import { adaptiveVarianceEnvelope, initializationEnvelope } from './vector-envelopes.js';

type Builders = {
  readonly [R in Role]: (plan: PlanView, config: EnvelopeConfig) => Envelope<R>;
};

const builders: Builders = {
  initialization: (plan) => initializationEnvelope(plan),
  'histogram-sigma': (plan, config) => histogramSigmaEnvelope(plan, config.histogramSigma),
  'pyramid-sigma': (plan, config) =>
    pyramidSigmaEnvelope(plan, config.pyramidSigma, config.maxStageIterations),
  'adaptive-variance': (plan) => adaptiveVarianceEnvelope(plan),
  'step-direction': (plan, config) => stepDirectionEnvelope(plan, config.descentCosine),
  'early-stopping': (_plan, config) => earlyStoppingEnvelope(config),
};

/** The envelope of one role for one session. */
export function createEnvelope<R extends Role>(
  role: R,
  plan: PlanView,
  config: EnvelopeConfig,
): Envelope<R> {
  const envelope = builders[role](plan, config) as Envelope<R>;
  const judge: Envelope<R> = (value, question) => {
    if (typeof value !== 'object' || value === null) return noAdvice('rejected', 'malformed', true);
    const score = value.outOfDistributionScore ?? 0;
    // Written so that NaN is refused too.
    if (!(score < 1)) {
      const result = noAdvice('out-of-distribution', 'out-of-distribution');
      return { ...result, outOfDistributionScore: Number.isFinite(score) ? score : 1 };
    }
    const result = envelope(value, question);
    return score === 0 ? result : { ...result, outOfDistributionScore: score };
  };
  return Object.assign(judge, { asked: envelope.asked });
}
