import type {
  ArmAction,
  CheckReport,
  EffectReport,
} from '../../domain/experiments/experiment-report.js';
import type { Experiment } from '../../domain/experiments/experiments.js';
import { formatInterval, formatMargin, formatP } from '../report/format.js';

/** What decisions are made from. */
export interface Findings {
  readonly experiment: Experiment;
  readonly checks: { readonly shares: CheckReport; readonly losses: CheckReport };
  readonly effects: readonly EffectReport[];
  readonly stoppedArms: readonly string[];
  /** Plans that take part, lost ones included. */
  readonly analysedPlans: number;
}

function brokenExperiment({ shares, losses }: Findings['checks']): ArmAction | undefined {
  if (shares.isFired) {
    const reason = `Units don't fall on the arms as they should (p ${formatP(shares.pValue)}): assignment or counting is broken, and effects are not to be trusted.`;
    return { kind: 'hold', arm: undefined, reason };
  }
  if (losses.isFired) {
    const reason = `Sessions are lost more often in one arm than in another (p ${formatP(losses.pValue)}): that is a finding of its own, and what is left of the arms can't be compared.`;
    return { kind: 'hold', arm: undefined, reason };
  }
  return undefined;
}

function decideArm(findings: Findings, arm: string): ArmAction {
  const { experiment, effects, analysedPlans } = findings;
  const decide = (kind: ArmAction['kind'], reason: string): ArmAction => ({ kind, arm, reason });
  const ofArm = effects.filter((effect) => effect.arm === arm);

  const crossed = ofArm.filter(({ kind, verdict }) => kind === 'guardrail' && verdict === 'beyond');
  for (const action of ['stop', 'hold'] as const) {
    const guardrail = crossed.find(({ metric }) =>
      experiment.guardrails.some(
        (guardrail) => guardrail.name === metric.name && guardrail.action === action,
      ),
    );
    if (guardrail !== undefined) {
      const margin = `more than the guardrail of ${formatMargin(guardrail)} allows`;
      return decide(
        action,
        `${arm} is worse in ${guardrail.metric.name}, ${margin}: ${formatInterval(guardrail)}.`,
      );
    }
  }
  const beyond = ofArm.find(
    ({ kind, verdict }) => kind === 'non-inferiority' && verdict === 'beyond',
  );
  if (beyond !== undefined) {
    const reason = `${arm} is worse in ${beyond.metric.name} by more than the margin of ${formatMargin(beyond)}: ${formatInterval(beyond)}.`;
    return decide('stop', reason);
  }
  const primary = ofArm.find(({ kind }) => kind === 'primary');
  if (primary === undefined) return decide('continue', `${arm} has not been compared yet.`);
  const found = `${primary.metric.name} ${formatInterval(primary)}`;
  if (primary.verdict === 'worse') return decide('stop', `${arm} is worse than control: ${found}.`);

  const open = ofArm.filter(
    ({ kind, verdict }) => kind === 'non-inferiority' && verdict === 'undecided',
  );
  const { maxPlans } = experiment.stop;
  const isAtEnd = maxPlans !== undefined && analysedPlans >= maxPlans;
  if (primary.verdict === 'better' && open.length === 0) {
    const margins = ofArm.some(({ kind }) => kind === 'non-inferiority')
      ? ' and within every margin'
      : '';
    return decide('promote', `${arm} is better than control${margins}: ${found}.`);
  }
  const missing =
    primary.verdict === 'better'
      ? `is better than control (${found}), but the margin of ${open.map(({ metric }) => metric.name).join(', ')} is not decided`
      : `is neither better nor worse than control so far: ${found}`;
  return isAtEnd
    ? decide('undecided', `After all ${maxPlans} plans ${arm} ${missing}.`)
    : decide('continue', `${arm} ${missing}.`);
}

/** What is to be done with each arm, and with the experiment: the gravest comes first. */
export function decide(findings: Findings): {
  readonly armDecisions: readonly ArmAction[];
  readonly decision: ArmAction;
} {
  const { experiment, stoppedArms } = findings;
  const arms = experiment.arms.map(({ id }) => id).filter((id) => id !== experiment.control);
  const broken = brokenExperiment(findings.checks);
  if (broken !== undefined) {
    return { armDecisions: arms.map((arm) => ({ ...broken, arm })), decision: broken };
  }
  const armDecisions = arms.map((arm) => decideArm(findings, arm));
  const running = armDecisions.filter(({ arm }) => arm !== undefined && !stoppedArms.includes(arm));
  const hold = running.find(({ kind }) => kind === 'hold');
  if (hold !== undefined) return { armDecisions, decision: hold };

  const stops = running.filter(({ kind }) => kind === 'stop');
  const isLeft = running.length > stops.length;
  if (stops.length > 0 || running.length === 0) {
    const reason = (stops.length > 0 ? stops : armDecisions)
      .map((armAction) => armAction.reason)
      .join(' ');
    const arm = isLeft ? stops[0]?.arm : undefined;
    return { armDecisions, decision: { kind: 'stop', arm, reason } };
  }
  const better = running.filter(({ kind }) => kind === 'promote');
  const [winner] = better;
  if (winner !== undefined && better.length === 1) {
    // Others may still turn out better; with one winner there is nothing to choose.
    const isEnd = running.every(({ kind }) => kind !== 'continue');
    return isEnd
      ? { armDecisions, decision: winner }
      : { armDecisions, decision: waits(`${winner.reason} Other arms are not decided.`) };
  }
  if (better.length > 1) {
    const names = better.map(({ arm }) => arm).join(' and ');
    const reason = `${names} are better than control; which of them is best this experiment does not test. An operator has to choose.`;
    return { armDecisions, decision: { kind: 'hold', arm: undefined, reason } };
  }
  const reason = running.map((armAction) => armAction.reason).join(' ');
  const kind = running.every((armAction) => armAction.kind === 'undecided')
    ? 'undecided'
    : 'continue';
  return { armDecisions, decision: { kind, arm: undefined, reason } };
}

const waits = (reason: string): ArmAction => ({ kind: 'continue', arm: undefined, reason });
