import type { PlanView, Stage, StructureSigma } from '../../../plugin-sdk/index.js';
import type { EnvelopeConfig } from '../../host-config.js';
import { applied, clamped, noAdvice } from '../advice.js';
import type { Envelope } from './envelope.js';
import { isFiniteNumber } from './vector.js';

function clampNumber(value: number, lower: number, upper: number): number {
  return Math.min(upper, Math.max(lower, value));
}

/** Known structures, each once, sigma inside its bounds; left-out ones get the configured default, if any. */
export function histogramSigmaEnvelope(
  plan: PlanView,
  bounds: EnvelopeConfig['histogramSigma'],
): Envelope<'histogram-sigma'> {
  return (value) => {
    if (!Array.isArray(value.structures)) return noAdvice('rejected', 'malformed', true);
    const sigmas = new Map<number, StructureSigma>();
    let reason = '';
    for (const { structure, histogramSigmaGy } of value.structures as readonly StructureSigma[]) {
      if (plan.structures[structure] === undefined) {
        return noAdvice('rejected', 'unknown-structure', true);
      }
      if (sigmas.has(structure)) return noAdvice('rejected', 'duplicate-structure', true);
      if (!isFiniteNumber(histogramSigmaGy)) return noAdvice('rejected', 'not-finite', true);
      const inside = clampNumber(histogramSigmaGy, bounds.minGy, bounds.maxGy);
      if (inside !== histogramSigmaGy) reason = 'out-of-bounds';
      sigmas.set(structure, { structure, histogramSigmaGy: inside });
    }
    if (bounds.defaultGy !== undefined) {
      for (const structure of plan.structures.keys()) {
        if (sigmas.has(structure)) continue;
        sigmas.set(structure, { structure, histogramSigmaGy: bounds.defaultGy });
        reason ||= 'filled-with-default';
      }
    }
    const advice = { structures: [...sigmas.values()] };
    return reason === '' ? applied(advice) : clamped(advice, reason);
  };
}

/** Levels and sigmas that never rise and end at level 0, its own sigma, without a limit. */
export function pyramidSigmaEnvelope(
  plan: PlanView,
  bounds: EnvelopeConfig['pyramidSigma'],
  maxStageIterations: number,
): Envelope<'pyramid-sigma'> {
  const finestSigmaGy = plan.levels[0]?.histogramSigmaGy ?? 0;
  return (value) => {
    if (!Array.isArray(value.stages) || value.stages.length === 0) {
      return noAdvice('rejected', 'malformed', true);
    }
    const stages: Stage[] = [];
    let reason = '';
    for (const [index, stage] of (value.stages as readonly Stage[]).entries()) {
      const isLast = index === value.stages.length - 1;
      if (plan.levels[stage.level] === undefined)
        return noAdvice('rejected', 'unknown-level', true);
      if (!isFiniteNumber(stage.histogramSigmaGy)) return noAdvice('rejected', 'not-finite', true);
      if (!Number.isInteger(stage.iterationLimit) || stage.iterationLimit < 0) {
        return noAdvice('rejected', 'malformed', true);
      }
      if (isLast) {
        const isDefault = Math.abs(stage.histogramSigmaGy - finestSigmaGy) <= 1e-9 * finestSigmaGy;
        if (stage.level !== 0 || !isDefault || stage.iterationLimit !== 0) {
          return noAdvice('rejected', 'bad-last-stage', true);
        }
        stages.push({ level: 0, histogramSigmaGy: finestSigmaGy, iterationLimit: 0 });
        continue;
      }
      const sigmaGy = clampNumber(stage.histogramSigmaGy, bounds.minGy, bounds.maxGy);
      if (sigmaGy !== stage.histogramSigmaGy) reason = 'out-of-bounds';
      const limit = clampNumber(stage.iterationLimit, 0, maxStageIterations);
      if (limit !== stage.iterationLimit) reason ||= 'iteration-limit';
      stages.push({ level: stage.level, histogramSigmaGy: sigmaGy, iterationLimit: limit });
    }
    const rises = stages.some((stage, index) => {
      const before = stages[index - 1];
      return (
        before !== undefined &&
        (stage.level > before.level || stage.histogramSigmaGy > before.histogramSigmaGy)
      );
    });
    if (rises) return noAdvice('rejected', 'not-monotone', true);
    return reason === '' ? applied({ stages }) : clamped({ stages }, reason);
  };
}
