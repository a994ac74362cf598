import type {
  PromoteRequest,
  PromotionReport,
} from '../../domain/experiments/experiment-control.js';
import type { ArmAction } from '../../domain/experiments/experiment-report.js';
import type {
  PromoteExperimentRequest,
  PromoteExperimentRequestInit,
} from '../../generated/dh/advisor/v1/PromoteExperimentRequest.js';
import type {
  PromoteExperimentResponse,
  PromoteExperimentResponseInit,
} from '../../generated/dh/advisor/v1/PromoteExperimentResponse.js';
import { decodeOrigin, decodeText, encodeOrigin } from './operator-codec.js';

/** @throws HostError `invalid-field` */
export function decodePromotion(request: PromoteExperimentRequest): PromoteRequest {
  const { label, overrideDecision: isOverride = false, dryRun: isDryRun = false } = request;
  return {
    experiment: decodeText(request.experiment, 'experiment'),
    arm: decodeText(request.arm, 'arm'),
    label,
    origin: decodeOrigin(request.origin),
    isOverride,
    isDryRun,
  };
}

export function encodePromotionRequest(asked: PromoteRequest): PromoteExperimentRequestInit {
  const { experiment, arm, label, origin, isOverride, isDryRun } = asked;
  return {
    experiment,
    arm,
    origin: encodeOrigin(origin),
    overrideDecision: isOverride,
    dryRun: isDryRun,
    ...(label === undefined ? {} : { label }),
  };
}

export function encodePromotion(report: PromotionReport): PromoteExperimentResponseInit {
  const { state, reason, decision, isOverridden, isApplied, moves } = report;
  return {
    state,
    reason,
    decision: decision.kind,
    decisionReason: decision.reason,
    overridden: isOverridden,
    applied: isApplied,
    moves: [...moves],
  };
}

/** A host that is older than decisions knows no dry run either: what it answers, it has done. */
export function decodePromotionReport(answer: PromoteExperimentResponse): PromotionReport {
  const { state = '', reason = '', decision = '', decisionReason = '', moves = [] } = answer;
  return {
    state,
    reason,
    decision: { kind: decision as ArmAction['kind'], reason: decisionReason },
    isOverridden: answer.overridden ?? false,
    isApplied: decision === '' || (answer.applied ?? false),
    moves: moves.map(({ model = '', label = '', version = '' }) => ({ model, label, version })),
  };
}
