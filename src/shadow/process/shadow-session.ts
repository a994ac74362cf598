import { type FinishCounts, StopEffectEstimator } from '../../domain/advice/stop-effect.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { withTensors } from '../../domain/session/recording.js';
import type { ActiveRole, ActiveSet } from '../../host/plugins/active-set.js';
import { RoleRunner } from '../../host/roles/role-runner.js';
import type { EarlyStoppingAdvice, Role, SessionEvent } from '../../plugin-sdk/index.js';
import { SessionHistory } from '../../plugin-sdk/internal/session-history.js';
import type {
  ArmOutcome,
  FollowedArm,
  ServedAdvice,
  ServedAdvices,
  ShadowOpening,
} from '../shadow-messages.js';
import { RoleComparison } from './role-comparison.js';

/** A shadow arm that runs. */
export interface ArmAssignment {
  readonly arm: FollowedArm;
  readonly roles: readonly ActiveRole[];
  readonly deadlines: ReadonlyMap<Role, number>;
}

export interface ShadowSessionOptions {
  readonly opening: ShadowOpening;
  readonly set: ActiveSet;
  readonly assignments: readonly ArmAssignment[];
  readonly clock: Clock;
  readonly log: Log;
  readonly isStopped: () => boolean;
  readonly release: () => void;
}

const nothing: ServedAdvice = { outcome: 'disabled', value: undefined };

interface RoleSlot {
  readonly runner: RoleRunner;
  readonly comparison: RoleComparison;
}

interface RunningArm {
  readonly arm: FollowedArm;
  readonly view: SessionHistory;
  readonly slots: readonly RoleSlot[];
  /** Undefined where it does not advise stops. */
  readonly stops: StopEffectEstimator | undefined;
}

/** What its stops would have made of the plan, as far as that is known. */
function metricsOf(stops: StopEffectEstimator | undefined, finish: FinishCounts | undefined) {
  if (stops === undefined || finish === undefined) return {};
  const effect = stops.prediction(finish);
  if ('unpredictable' in effect) return {};
  return {
    iterations: effect.servedIterations - effect.savedIterations,
    call_equivalents: effect.servedCallEquivalents - effect.savedCallEquivalents,
  };
}

const decisionOf = (advice: { readonly value: unknown } | undefined) =>
  (advice?.value as EarlyStoppingAdvice | undefined)?.decision;

/**
 * The shadow arms of one plan: each role's own runner, over a view that grows by the same events as that of a serving arm. Verdicts are
 * of the advice that was served, so a shadow arm is not told of them.
 */
export class ShadowSession {
  readonly #options: ShadowSessionOptions;
  readonly #arms: readonly RunningArm[];

  constructor(options: ShadowSessionOptions) {
    this.#options = options;
    const { opening, set, assignments, clock, log, isStopped } = options;
    const { sessionId, seed, plan } = opening;
    const { historyIterations: maxIterations } = set.config.server;
    const nobody = () => undefined;
    const context = {
      config: set.config,
      clock,
      log,
      isStopped,
      onRoleOff: nobody,
      onHostBreaker: nobody,
    };
    this.#arms = assignments.map(({ arm, roles, deadlines }) => {
      const view = new SessionHistory({ sessionId, seed, plan, maxIterations });
      const slots = roles
        .filter(({ role }) => deadlines.has(role) && plan.accepts.includes(role))
        .map((active) => ({
          runner: new RoleRunner(active, view, context),
          comparison: new RoleComparison(active.role, deadlines.get(active.role) ?? 0),
        }));
      const stops = slots.some(({ runner }) => runner.role === 'early-stopping');
      return { arm, view, slots, stops: stops ? new StopEffectEstimator() : undefined };
    });
  }

  /**
   * Asks every arm what the event asks, one question at a time, so that a latency is of that question alone, and compares with what
   * was answered. A role that served nothing, or was not asked, left the optimizer its default.
   */
  async event(sent: SessionEvent, advices: ServedAdvices | undefined): Promise<void> {
    for (const { arm, view, slots, stops } of this.#arms) {
      const event = sent.kind === 'receipt' ? sent : withTensors(sent, arm.wanted);
      view.add(event);
      for (const { runner } of slots) if (runner.observes) runner.observe(event);
      let stop: EarlyStoppingAdvice['decision'] | undefined;
      for (const { runner, comparison } of slots) {
        if (event.kind === 'level-end') comparison.stageEnded(event);
        const said = await runner.ask(event);
        if (said === undefined || advices === undefined) continue;
        comparison.add(said, advices[runner.role] ?? nothing, event);
        if (runner.role === 'early-stopping') stop = decisionOf(said);
      }
      if (event.kind === 'receipt') continue;
      stops?.add(event, decisionOf(advices?.['early-stopping']), stop);
    }
  }

  outcome(finish: FinishCounts | undefined): readonly ArmOutcome[] {
    return this.#arms.map(({ arm: { experiment, arm }, slots, stops }) => ({
      experiment,
      arm,
      metrics: metricsOf(stops, finish),
      roles: slots.map(({ comparison }) => comparison.outcome()),
    }));
  }

  dispose(): void {
    for (const { slots } of this.#arms) for (const { runner } of slots) runner.dispose();
    this.#options.release();
  }
}
