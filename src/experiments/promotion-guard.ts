import { HostError } from '../domain/errors/host-error.js';
import type { PromoteRequest, SingleArmAction } from '../domain/experiments/experiment-control.js';
import type { RampPosition } from '../domain/experiments/experiments.js';
import type { ChangeOrigin } from '../domain/operations/operations.js';

/** Decisions for single arms, as a report has them. */
type SingleArmActions = readonly (SingleArmAction & { readonly arm: string | null | undefined })[];

/**
 * The decision for an arm, from an analysis as of now. A promotion that an earlier analysis made stands unless harm was found since;
 * one that an operator made against the analysis does not count.
 */
export function actionFor(
  arm: string,
  actions: SingleArmActions,
  ramp: RampPosition,
): SingleArmAction {
  if (ramp.stoppedArms.includes(arm)) return { kind: 'stop', reason: `${arm} was stopped.` };
  const found = actions.find((action) => action.arm === arm);
  const reason = `${arm} has not been analysed yet.`;
  const current: SingleArmAction = found ?? { kind: 'continue', reason };
  const isHarm = current.kind === 'stop' || current.kind === 'hold';
  const { state, promotedArm, overriddenDecision } = ramp;
  const isDecided = state === 'promoted' && promotedArm === arm && overriddenDecision === undefined;
  if (isDecided && !isHarm) return { kind: 'promote', reason: ramp.reason };
  return { kind: current.kind, reason: current.reason };
}

/** Nobody promotes an undecided arm by accident. @throws HostError `experiment-not-decided` */
export function checkAction(
  { experiment, arm, isOverride }: PromoteRequest,
  { kind: decision, reason }: SingleArmAction,
): void {
  if (decision === 'promote' || isOverride) return;
  throw new HostError('experiment-not-decided', { experiment, arm, decision, reason });
}

/** Who asks and why, with the decision that was overridden: it ends up in the audit log. */
export function auditedOrigin(
  origin: ChangeOrigin,
  isOverridden: boolean,
  { kind }: SingleArmAction,
): ChangeOrigin {
  return isOverridden ? { ...origin, why: `${origin.why}; override: ${kind}` } : origin;
}
