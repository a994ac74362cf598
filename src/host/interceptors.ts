import { clamped, type Ruling, withheld } from '../domain/advice/advice.js';
import type { Breaker } from '../domain/advice/breaker.js';
import type { Clock } from '../domain/clock.js';
import { cutText } from '../domain/cut-text.js';
import { describeThrown } from '../domain/errors/host-error.js';
import type { FailurePolicy } from '../domain/host-config.js';
import { PluginError } from '../plugin-sdk/index.js';
import { chain, isPromise, type MaybePromise } from './maybe-promise.js';

/** Asks a plugin: yields its value, or throws. */
export type Consult = (question: unknown) => MaybePromise<unknown>;
/** Asks a role: always yields a ruling. */
export type Rule = (question: unknown) => MaybePromise<Ruling>;

/** The plugin did not answer in time. */
export class DeadlineMissed extends Error {
  override readonly name = 'DeadlineMissed';
}

/**
 * Bounds the wait. A synchronous answer costs no timer, only a look at the clock. While an earlier, late answer is
 * still on its way the plugin is not asked again: it never runs twice at once in one session.
 */
export function withDeadline(
  next: Consult,
  clock: Clock,
  deadlineMs: number,
  abort: () => void,
): Consult {
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
export function rulingOn(thrown: unknown): Ruling<never> {
  if (thrown instanceof DeadlineMissed) return withheld('timeout', thrown.message, true);
  // A defect's words are for the log: they may tell of what is inside.
  if (!PluginError.is(thrown)) return withheld('failed', 'plugin-error', true);
  const ruling =
    thrown.policy === 'model-unavailable'
      ? withheld('failed', thrown.policy, true)
      : withheld('default', thrown.policy);
  return { ...ruling, detail: cutText(describeThrown(thrown)) };
}

export interface EnvelopeOptions {
  /** Told of each question, then judges the value that answers it. */
  readonly envelope: {
    (value: never, question: never): Ruling;
    readonly asked?: ((question: never) => void) | undefined;
  };
  readonly onFailure: FailurePolicy;
  /** Told of throws that are not the plugin's way of saying no. */
  readonly onDefect: (thrown: unknown) => void;
  /** Told when the plugin says that it has nothing for this plan. */
  readonly onDeclined: (thrown: unknown) => void;
}

/** Turns a plugin's value, or its failure, into a ruling. With `hold_last` a failure repeats the last good value. */
export function withEnvelope(next: Consult, options: EnvelopeOptions): Rule {
  const { onFailure, onDefect, onDeclined, envelope } = options;
  const judge = envelope as (value: unknown, question: unknown) => Ruling;
  const asked = envelope.asked as ((question: unknown) => void) | undefined;
  let lastValue: unknown;
  const hold = (ruling: Ruling, question: unknown): Ruling => {
    if (onFailure !== 'hold_last' || lastValue === undefined || !ruling.isFailure) return ruling;
    const held = judge(lastValue, question);
    return held.value === undefined
      ? ruling
      : { ...clamped(held.value, `held-last-${ruling.reason}`), isFailure: true };
  };
  const fail = (thrown: unknown, question: unknown): Ruling => {
    const ruling = rulingOn(thrown);
    if (ruling.reason === 'plugin-error') onDefect(thrown);
    if (ruling.reason === 'not-applicable') onDeclined(thrown);
    return hold(ruling, question);
  };
  const pass = (value: unknown, question: unknown): Ruling => {
    if (value === undefined) return withheld('default', 'no-advice');
    const ruling = judge(value, question);
    if (ruling.value === undefined) return hold(ruling, question);
    // A stop is said for one iteration. Held, it would end a plan because a plugin failed.
    if (onFailure === 'hold_last') lastValue = isStop(value) ? undefined : value;
    return ruling;
  };
  const passOrFail = (value: unknown, question: unknown): Ruling => {
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
  readonly onMove: (whose: 'plan' | 'host', isOpen: boolean) => void;
}

const offForPlan = withheld('disabled', 'breaker-plan');
const offForHost = withheld('disabled', 'breaker-host');

/** Counts a failure against plan and host. */
export function countFailure({ plan, host, onMove }: BreakerPair, nowMs: number): void {
  if (plan.fail(nowMs)) onMove('plan', true);
  if (host.fail(nowMs)) onMove('host', true);
}

/** Does not ask a role that keeps failing. */
export function withBreakers(next: Rule, clock: Clock, breakers: BreakerPair): Rule {
  const { plan, host, onMove } = breakers;
  return (question) => {
    const nowMs = clock.nowMs();
    if (!plan.admit(nowMs)) return offForPlan;
    const wasClosed = host.state(nowMs) === 'closed';
    if (!host.admit(nowMs)) return offForHost;
    return chain(next(question), (ruling) => {
      if (ruling.isFailure) countFailure(breakers, clock.nowMs());
      else {
        host.succeed();
        if (!wasClosed) onMove('host', false);
      }
      return ruling;
    });
  };
}
