import { clamped, noAdvice, type RoleResult } from '../../domain/advice/advice.js';
import type { Breaker } from '../../domain/advice/breaker.js';
import type { Clock } from '../../domain/clock.js';
import { cutText } from '../../domain/cut-text.js';
import { describeThrown } from '../../domain/errors/host-error.js';
import type { FailurePolicy } from '../../domain/host-config.js';
import { chain, isPromise, type MaybePromise } from '../../domain/maybe-promise.js';
import { PluginError } from '../../plugin-sdk/index.js';
import { PluginProcessAway, PluginProcessEnded } from '../isolation/plugin-errors.js';

/** Asks a plugin: yields its value, or throws. */
export type AskPlugin = (question: unknown) => MaybePromise<unknown>;
/** Asks a role: always yields a result. */
export type AskRole = (question: unknown) => MaybePromise<RoleResult>;

/** The plugin did not answer in time. */
export class DeadlineMissed extends Error {
  override readonly name = 'DeadlineMissed';
}

/**
 * Bounds the wait. A synchronous answer costs no timer, only a reading of the clock. While an earlier, late answer is
 * still on its way the plugin is not asked again: it never runs twice at once in one session.
 */
export function withDeadline(
  next: AskPlugin,
  clock: Clock,
  deadlineMs: number,
  abort: () => void,
): AskPlugin {
  let isBusy = false;
  return (question) => {
    if (isBusy) throw new DeadlineMissed('still-busy');
    const startedMs = clock.nowMs();
    const answer = next(question);
    if (!isPromise(answer)) {
      if (clock.nowMs() - startedMs > deadlineMs) throw new DeadlineMissed('late');
      return answer;
    }
    isBusy = true;
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(deadlineMs, () => {
        abort();
        reject(new DeadlineMissed('late'));
      });
      const settle = () => {
        isBusy = false;
        cancel();
      };
      answer.then(
        (value) => {
          settle();
          resolve(value);
        },
        (thrown: unknown) => {
          settle();
          reject(thrown);
        },
      );
    });
  };
}

/** What the host makes of something a plugin threw. */
export function resultOfError(thrown: unknown): RoleResult<never> {
  if (thrown instanceof DeadlineMissed) return noAdvice('timeout', thrown.message, true);
  if (thrown instanceof PluginProcessEnded) return noAdvice('failed', 'plugin-process-ended', true);
  // Its end has counted.
  if (thrown instanceof PluginProcessAway) return noAdvice('default', 'plugin-restarting');
  // A defect's words are for the log: they may tell of what is inside.
  if (!PluginError.is(thrown)) return noAdvice('failed', 'plugin-error', true);
  const result =
    thrown.policy === 'model-unavailable'
      ? noAdvice('failed', thrown.policy, true)
      : noAdvice('default', thrown.policy);
  return { ...result, detail: cutText(describeThrown(thrown)) };
}

export interface EnvelopeOptions {
  /** Told of each question, then judges the value that answers it. */
  readonly envelope: {
    (value: never, question: never): RoleResult;
    readonly asked?: ((question: never) => void) | undefined;
  };
  readonly onFailure: FailurePolicy;
  /** Told of throws that are not the plugin's way of saying no. */
  readonly onDefect: (thrown: unknown) => void;
  /** Told when the plugin says that it has nothing for this plan. */
  readonly onDeclined: (thrown: unknown) => void;
}

/** Turns a plugin's value, or its failure, into a result. With `hold_last` a failure repeats the last good value. */
export function withEnvelope(next: AskPlugin, options: EnvelopeOptions): AskRole {
  const { onFailure, onDefect, onDeclined, envelope } = options;
  const judge = envelope as (value: unknown, question: unknown) => RoleResult;
  const asked = envelope.asked as ((question: unknown) => void) | undefined;
  let lastValue: unknown;
  const hold = (result: RoleResult, question: unknown): RoleResult => {
    if (onFailure !== 'hold_last' || lastValue === undefined || !result.isFailure) return result;
    const held = judge(lastValue, question);
    return held.value === undefined
      ? result
      : { ...clamped(held.value, `held-last-${result.reason}`), isFailure: true };
  };
  const fail = (thrown: unknown, question: unknown): RoleResult => {
    const result = resultOfError(thrown);
    if (result.reason === 'plugin-error') onDefect(thrown);
    if (result.reason === 'not-applicable') onDeclined(thrown);
    return hold(result, question);
  };
  const pass = (value: unknown, question: unknown): RoleResult => {
    if (value === undefined) return noAdvice('default', 'no-advice');
    const result = judge(value, question);
    if (result.value === undefined) return hold(result, question);
    // A stop is said for one iteration. Held, it would end a plan because a plugin failed.
    if (onFailure === 'hold_last') lastValue = isStop(value) ? undefined : value;
    return result;
  };
  const passOrFail = (value: unknown, question: unknown): RoleResult => {
    try {
      return pass(value, question);
    } catch (thrown) {
      return fail(thrown, question);
    }
  };
  return (question) => {
    try {
      asked?.(question);
      const answer = next(question);
      if (!isPromise(answer)) return pass(answer, question);
      return answer.then(
        (value) => passOrFail(value, question),
        (thrown: unknown) => fail(thrown, question),
      );
    } catch (thrown) {
      return fail(thrown, question);
    }
  };
}

function isStop(value: unknown): boolean {
  const { decision = 'continue' } = value as { readonly decision?: string };
  return decision !== 'continue';
}

export interface BreakerPair {
  readonly plan: Breaker;
  readonly host: Breaker;
  /** A breaker opened or closed. */
  readonly onChange: (whose: 'plan' | 'host', isOpen: boolean) => void;
}

const offForPlan = noAdvice('disabled', 'breaker-plan');
const offForHost = noAdvice('disabled', 'breaker-host');

/** Counts a failure against plan and host. */
export function countFailure({ plan, host, onChange }: BreakerPair, nowMs: number): void {
  if (plan.fail(nowMs)) onChange('plan', true);
  if (host.fail(nowMs)) onChange('host', true);
}

/** Does not ask a role that keeps failing. */
export function withBreakers(next: AskRole, clock: Clock, breakers: BreakerPair): AskRole {
  const { plan, host, onChange } = breakers;
  return (question) => {
    const nowMs = clock.nowMs();
    if (!plan.admit(nowMs)) return offForPlan;
    const wasClosed = host.state(nowMs) === 'closed';
    if (!host.admit(nowMs)) return offForHost;
    return chain(next(question), (result) => {
      if (result.isFailure) countFailure(breakers, clock.nowMs());
      else {
        host.succeed();
        if (!wasClosed) onChange('host', false);
      }
      return result;
    });
  };
}
