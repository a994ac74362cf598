import type { Advice, Binding, PlanBinding } from '../../domain/advice/advice.js';
import type {
  Acceptance,
  Advices,
  Notice,
  OutcomeCount,
  Provenance,
  Reply,
  Summary,
} from '../../domain/session/advisor.js';
import type { AdaptiveVarianceAdviceInit } from '../../generated/dh/advisor/v1/AdaptiveVarianceAdvice.js';
import type { AdviceHeaderInit } from '../../generated/dh/advisor/v1/AdviceHeader.js';
import type { AdvisorEventInit } from '../../generated/dh/advisor/v1/AdvisorEvent.js';
import type { EarlyStoppingAdviceInit } from '../../generated/dh/advisor/v1/EarlyStoppingAdvice.js';
import type { GeometryAdviceInit } from '../../generated/dh/advisor/v1/GeometryAdvice.js';
import type { IterationAdviceInit } from '../../generated/dh/advisor/v1/IterationAdvice.js';
import type { LevelAdviceInit } from '../../generated/dh/advisor/v1/LevelAdvice.js';
import type { OutcomeCountInit } from '../../generated/dh/advisor/v1/OutcomeCount.js';
import type { ProvenanceInit } from '../../generated/dh/advisor/v1/Provenance.js';
import type { RoleBindingInit } from '../../generated/dh/advisor/v1/RoleBinding.js';
import type { StepDirectionAdviceInit } from '../../generated/dh/advisor/v1/StepDirectionAdvice.js';
import type { SummaryInit } from '../../generated/dh/advisor/v1/Summary.js';
import { encodeVector } from './tensor-codec.js';
import {
  decisionNumber,
  noticeNumber,
  outcomeNumber,
  qualityNumber,
  roleNumber,
  spaceNumber,
  tensorKindNumber,
  verdictNumber,
} from './wire-names.js';

function header(advice: Advice): AdviceHeaderInit {
  return {
    role: roleNumber[advice.role],
    outcome: outcomeNumber[advice.outcome],
    reason: advice.reason,
    detail: advice.detail ?? '',
    latencyUs: advice.latencyUs,
    outOfDistributionScore: advice.outOfDistributionScore,
    configurationGeneration: advice.generation,
    isFinal: advice.isFinal,
  };
}

function stopping(advice: Advice<'early-stopping'>): EarlyStoppingAdviceInit {
  const wire: EarlyStoppingAdviceInit = { header: header(advice) };
  const { value } = advice;
  if (value === undefined) return wire;
  wire.decision = decisionNumber[value.decision];
  if (value.explanation !== undefined) wire.explanation = value.explanation;
  if (value.predictedFinalObjective !== undefined) {
    wire.predictedFinalObjective = value.predictedFinalObjective;
  }
  if (value.predictedStandardDeviation !== undefined) {
    wire.predictedStandardDeviation = value.predictedStandardDeviation;
  }
  return wire;
}

function direction(advice: Advice<'step-direction'>): StepDirectionAdviceInit {
  const wire: StepDirectionAdviceInit = { header: header(advice) };
  const { value } = advice;
  if (value === undefined) return wire;
  wire.space = spaceNumber[value.space];
  wire.direction = encodeVector(value.direction);
  if (value.stepLength !== undefined) wire.stepLength = value.stepLength;
  return wire;
}

function variance(advice: Advice<'adaptive-variance'>): AdaptiveVarianceAdviceInit {
  const wire: AdaptiveVarianceAdviceInit = { header: header(advice) };
  if (advice.value !== undefined) wire.varianceGy2 = encodeVector(advice.value.varianceGy2);
  return wire;
}

function encodeGeometry(advices: Advices): GeometryAdviceInit {
  const wire: GeometryAdviceInit = {};
  const histogram = advices['histogram-sigma'];
  const pyramid = advices['pyramid-sigma'];
  if (histogram !== undefined) {
    const structures = histogram.value?.structures ?? [];
    wire.histogramSigma = { header: header(histogram), structures: [...structures] };
  }
  if (pyramid !== undefined) {
    wire.pyramidSigma = { header: header(pyramid), stages: [...(pyramid.value?.stages ?? [])] };
  }
  return wire;
}

function encodeLevel(level: number, stage: number, advices: Advices): LevelAdviceInit {
  const wire: LevelAdviceInit = { level, stage };
  const start = advices.initialization;
  if (start !== undefined) {
    wire.initialization = { header: header(start) };
    if (start.value !== undefined) wire.initialization.weights = encodeVector(start.value.weights);
  }
  const variances = advices['adaptive-variance'];
  if (variances !== undefined) wire.adaptiveVariance = variance(variances);
  return wire;
}

function encodeIteration(reply: Extract<Reply, { kind: 'iteration' }>): IterationAdviceInit {
  const { level, stage, iteration, advices } = reply;
  const wire: IterationAdviceInit = { level, stage, iteration };
  const stop = advices['early-stopping'];
  if (stop !== undefined) wire.earlyStopping = stopping(stop);
  const step = advices['step-direction'];
  if (step !== undefined) wire.stepDirection = direction(step);
  const variances = advices['adaptive-variance'];
  if (variances !== undefined) wire.adaptiveVariance = variance(variances);
  return wire;
}

export function encodeOutcomes(outcomes: readonly OutcomeCount[]): OutcomeCountInit[] {
  return outcomes.map(({ role, outcome, count }) => ({
    role: roleNumber[role],
    outcome: outcomeNumber[outcome],
    count,
  }));
}

function encodeProvenance(provenance: Provenance): ProvenanceInit {
  return {
    host: provenance.host,
    sessionId: provenance.sessionId,
    configurationGeneration: provenance.generation,
    arm: provenance.arm,
    bindings: provenance.bindings.map(encodePlanBinding),
    quality: qualityNumber[provenance.quality],
    resumptions: provenance.resumptions,
    answers: provenance.answers,
    journalSha256: provenance.journalSha256,
  };
}

function encodeSummary(summary: Summary): SummaryInit {
  const { outcomes, verdicts, hostMs, isOutcomeKept } = summary;
  return {
    outcomes: encodeOutcomes(outcomes),
    verdicts: verdicts.map(({ role, verdict, count }) => ({
      role: roleNumber[role],
      verdict: verdictNumber.get(verdict) ?? 0,
      count,
    })),
    hostMs,
    outcomeKept: isOutcomeKept,
    provenance: encodeProvenance(summary.provenance),
  };
}

export function encodeReply(reply: Reply): AdvisorEventInit {
  switch (reply.kind) {
    case 'iteration':
      return { iteration: encodeIteration(reply) };
    case 'level':
      return { level: encodeLevel(reply.level, reply.stage, reply.advices) };
    case 'geometry':
      return { geometry: encodeGeometry(reply.advices) };
    case 'summary':
      return { summary: encodeSummary(reply.summary) };
  }
}

export function encodeBinding(binding: Binding): RoleBindingInit {
  return {
    role: roleNumber[binding.role],
    plugin: binding.plugin,
    pluginVersion: binding.pluginVersion,
    model: binding.model,
    modelSha256: binding.modelSha256,
    arm: binding.arm,
    deadlineMs: Math.ceil(binding.deadlineMs),
  };
}

function encodePlanBinding(binding: PlanBinding): RoleBindingInit {
  return { ...encodeBinding(binding), declined: binding.declined };
}

export function encodeAcceptance(acceptance: Acceptance): AdvisorEventInit {
  return {
    accepted: {
      sessionId: acceptance.sessionId,
      resumeToken: Buffer.from(acceptance.resumeToken, 'hex'),
      configurationGeneration: acceptance.generation,
      arm: acceptance.arm,
      bindings: acceptance.bindings.map(encodePlanBinding),
      wanted: acceptance.wanted.map(({ kind, everyN, roles }) => ({
        kind: tensorKindNumber[kind],
        everyN,
        roles: roles.map((role) => roleNumber[role]),
      })),
      isRecording: acceptance.isRecording,
      resumeTtlMs: Math.ceil(acceptance.resumeTtlMs),
      isTakenOver: acceptance.isTakenOver,
    },
  };
}

export function encodeNotice({ kind, text, role }: Notice): AdvisorEventInit {
  const notice = { kind: noticeNumber[kind], text };
  return { notice: role === undefined ? notice : { ...notice, role: roleNumber[role] } };
}
