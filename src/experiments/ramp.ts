import type { ExperimentReport } from '../domain/experiments/experiment-report.js';
import type { Experiment, RampPosition } from '../domain/experiments/experiments.js';
import type { RampFigures } from '../domain/operations/metrics.js';

const HOUR_MS = 3_600_000;

/** Whether arms still serve: not after the end of a ramp. */
export function takesPlans({ state }: RampPosition): boolean {
  return state !== 'rolled-back' && state !== 'promoted';
}

/** Percent of the units that are let in. A held ramp stays as wide as it is. */
export function rampPercent({ ramp: steps }: Experiment, ramp: RampPosition): number {
  return takesPlans(ramp) ? (steps[ramp.step]?.percent ?? 100) : 0;
}

/** The same for who watches. */
export function rampFigures(experiment: Experiment, ramp: RampPosition): RampFigures {
  const percent = rampPercent(experiment, ramp);
  return { experiment: experiment.id, percent, state: ramp.state };
}

/** Whether an experiment takes units at all. */
export function isRunning({ state, start }: Experiment, nowMs: number): boolean {
  return (
    state === 'running' && (start.notBefore === undefined || nowMs >= Date.parse(start.notBefore))
  );
}

/** Where an experiment begins. */
export function startRamp({ ramp: steps }: Experiment, nowMs: number): RampPosition {
  const [first] = steps;
  return {
    step: 0,
    sinceMs: nowMs,
    stoppedArms: [],
    ...(first === undefined
      ? { state: 'full', reason: 'there is no ramp: all units take part' }
      : { state: 'ramping', reason: `begins with ${first.percent} % of the units` }),
  };
}

/**
 * Where the ramp goes after an analysis. Ends (rolled back, promoted) are final; a hold waits for an operator. What a stopped arm had
 * it keeps; when no arm but control is left, the experiment is rolled back.
 */
export function nextRamp(report: ExperimentReport): RampPosition {
  const { experiment, ramp, decision, armDecisions, atMs } = report;
  if (!takesPlans(ramp)) return ramp;
  const movedTo = (
    state: RampPosition['state'],
    reason: string,
    changes: Partial<RampPosition> = {},
  ) => ({
    ...ramp,
    state,
    reason,
    sinceMs: atMs,
    ...changes,
  });

  const newlyStopped = armDecisions.filter(
    ({ kind, arm }) => kind === 'stop' && arm !== undefined && !ramp.stoppedArms.includes(arm),
  );
  if (newlyStopped.length > 0) {
    const stoppedArms = [...ramp.stoppedArms, ...newlyStopped.flatMap(({ arm }) => arm ?? [])];
    const reason = newlyStopped.map((armAction) => armAction.reason).join(' ');
    const isAll = experiment.arms.every(
      ({ id }) => id === experiment.control || stoppedArms.includes(id),
    );
    return isAll
      ? movedTo('rolled-back', reason, { stoppedArms })
      : { ...ramp, stoppedArms, reason };
  }
  if (decision.kind === 'hold') {
    return ramp.state === 'held' ? ramp : movedTo('held', decision.reason);
  }
  if (ramp.state === 'held') return ramp;
  if (decision.kind === 'promote' && experiment.stop.whenDecided) {
    const { arm } = decision;
    return movedTo('promoted', `${decision.reason} ${whatFollows(experiment, arm)}`, {
      promotedArm: arm,
    });
  }
  if (decision.kind === 'undecided') return movedTo('rolled-back', decision.reason);
  return nextStep(report);
}

function whatFollows({ id, promote }: Experiment, arm = ''): string {
  return promote === undefined
    ? `No label moves by itself: \`dh-advisor experiment promote ${id} --arm ${arm} --reason WHY -c FILE\` does it.`
    : `Label ${promote.label} moves to its versions.`;
}

function nextStep({ experiment, ramp, endedInStep, atMs }: ExperimentReport): RampPosition {
  const current = experiment.ramp[ramp.step];
  if (ramp.state !== 'ramping' || current === undefined) return ramp;
  const hours = (atMs - ramp.sinceMs) / HOUR_MS;
  if (endedInStep < current.minPlans || hours < current.holdHours) return ramp;
  const next = experiment.ramp[ramp.step + 1];
  const after = `after ${endedInStep} plans and ${hours.toFixed(1)} h at ${current.percent} %`;
  return {
    ...ramp,
    step: ramp.step + 1,
    sinceMs: atMs,
    ...(next === undefined
      ? { state: 'full', reason: `all units take part ${after}` }
      : { state: 'ramping', reason: `${next.percent} % of the units ${after}` }),
  };
}

/** An operator lets a held ramp go on; it stays held when the next analysis says hold again. */
export function releaseRamp(
  { ramp: steps }: Experiment,
  ramp: RampPosition,
  reason: string,
  nowMs: number,
): RampPosition {
  if (ramp.state !== 'held') return ramp;
  const state = steps[ramp.step] === undefined ? 'full' : 'ramping';
  return { ...ramp, state, reason, sinceMs: nowMs };
}
