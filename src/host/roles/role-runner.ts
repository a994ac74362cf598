import { type Advice, noAdvice, type RoleResult } from '../../domain/advice/advice.js';
import { Breaker } from '../../domain/advice/breaker.js';
import { createEnvelope } from '../../domain/advice/envelope/create-envelope.js';
import type { Clock } from '../../domain/clock.js';
import { cutText } from '../../domain/cut-text.js';
import { describeThrown } from '../../domain/errors/host-error.js';
import type { HostConfig } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import { chain, isPromise, type MaybePromise } from '../../domain/maybe-promise.js';
import {
  PluginError,
  type Role,
  type RoleSession,
  type SessionEvent,
  type SessionView,
  type WantedTensor,
} from '../../plugin-sdk/index.js';
import { questionFor } from '../../plugin-sdk/internal/question.js';
import type { ActiveRole } from '../plugins/active-set.js';
import {
  type AskRole,
  type BreakerPair,
  countFailure,
  resultOfError,
  withBreakers,
  withDeadline,
  withEnvelope,
} from './interceptors.js';

export interface RunnerContext {
  readonly config: HostConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** The role was switched off for the rest of this plan. */
  readonly onRoleOff: (role: Role) => void;
  /** The role's breaker of the whole host moved. */
  readonly onHostBreaker: (active: ActiveRole) => void;
  /** Operators have stopped advice: no code of the plugin runs any more for this plan. */
  readonly isStopped: () => boolean;
}

interface AnySession extends RoleSession<unknown, unknown> {
  /** Of a session whose view lies elsewhere: an event that its plugin is not told of. */
  miss?(event: SessionEvent): void;
}

const off = noAdvice('disabled', 'off');
const refused = noAdvice('disabled', 'refused');
const stopped = noAdvice('disabled', 'stopped-by-operator');
const notOpened = noAdvice('failed', 'plugin-error');
const notApplicable = noAdvice('disabled', 'not-applicable');

/** One role in one session: question in, accounted advice out. */
export class RoleRunner {
  readonly role: Role;
  readonly isOn: boolean;
  readonly #active: ActiveRole;
  readonly #context: RunnerContext;
  readonly #session: AnySession | undefined;
  /** Undefined when there is nothing to ask: the role is off, or its plugin declined or failed to open. */
  readonly #askRole: AskRole | undefined;
  readonly #breakers: BreakerPair;
  /** In the plugin's words, why it has nothing for this plan; undefined while it may have. */
  #declined: string | undefined;
  /** Reasons whose words are in the log already. */
  readonly #noted = new Set<string>();
  #abort = new AbortController();

  constructor(active: ActiveRole, view: SessionView, context: RunnerContext) {
    this.role = active.role;
    this.#active = active;
    this.#context = context;
    this.#breakers = this.#createBreakers();
    this.#session = this.#openSession(view);
    this.isOn = active.loaded !== undefined;
    this.#askRole = this.#session && this.#compose(this.#session, view);
  }

  /** In the plugin's words, why it has nothing for this plan; empty while it may have. */
  get declined(): string {
    return this.#declined ?? '';
  }

  /** What the plugin has to see of this plan. */
  get wants(): readonly WantedTensor[] {
    return this.#hasEnded ? [] : (this.#active.loaded?.wants ?? []);
  }

  /** Whether the plugin looks at events it is not asked about. */
  get observes(): boolean {
    return this.#session?.observe !== undefined;
  }

  /** A role that has declined, or is off for the plan or the host, is told nothing. */
  observe(event: SessionEvent): void {
    if (this.#hasEnded) return;
    if (this.#isSwitchedOff) {
      this.#session?.miss?.(event);
      return;
    }
    const fail = (thrown: unknown) => {
      if (!resultOfError(thrown).isFailure) return;
      this.#reportDefect(thrown);
      countFailure(this.#breakers, this.#context.clock.nowMs());
    };
    try {
      const returned: unknown = this.#session?.observe?.(event);
      // The type says void, which an async function is taken for.
      if (isPromise(returned)) returned.then(undefined, fail);
    } catch (thrown) {
      fail(thrown);
    }
  }

  get #isSwitchedOff(): boolean {
    return this.#breakers.host.state(this.#context.clock.nowMs()) === 'open';
  }

  /** No value will come for the rest of the plan: the breaker of a plan never closes again, nor does a stop end for it. */
  get #hasEnded(): boolean {
    if (this.#askRole === undefined || this.#declined !== undefined) return true;
    if (this.#context.isStopped()) return true;
    return this.#breakers.plan.state(this.#context.clock.nowMs()) !== 'closed';
  }

  /** Undefined when the event puts no question to this role. */
  ask(event: SessionEvent): MaybePromise<Advice> | undefined {
    const question = questionFor(this.role, event, this.#active.loaded?.asksEveryN ?? 0);
    if (question === undefined) return undefined;
    const { clock, isStopped } = this.#context;
    if (this.isOn && isStopped()) return this.#account(stopped, 0);
    if (this.#askRole === undefined || this.#declined !== undefined) {
      return this.#account(this.#unasked, 0);
    }
    const startedMs = clock.nowMs();
    return chain(this.#askRole(question), (result) =>
      // An answer that was on its way when advice was stopped comes too late.
      this.#account(isStopped() ? stopped : result, clock.nowMs() - startedMs),
    );
  }

  dispose(): void {
    this.#abort.abort();
    try {
      const left: unknown = this.#session?.dispose?.();
      if (isPromise(left)) left.then(undefined, (thrown: unknown) => this.#reportDefect(thrown));
    } catch (thrown) {
      this.#reportDefect(thrown);
    }
  }

  #account(result: RoleResult, latencyMs: number): Advice {
    const { outcome, reason, detail, value, outOfDistributionScore, isFailure } = result;
    this.#note(reason, detail);
    this.#active.meter.answered(outcome, reason, latencyMs);
    return {
      role: this.role,
      generation: this.#context.config.generation,
      outcome,
      reason,
      detail,
      value,
      outOfDistributionScore,
      isFailure,
      latencyUs: Math.round(latencyMs * 1000),
      isFinal: this.#hasEnded,
    };
  }

  /** Once a plan and reason, since an iteration's question comes a thousand times. */
  #note(reason: string, why: string | undefined): void {
    if (!why || this.#declined !== undefined || this.#noted.has(reason)) return;
    this.#noted.add(reason);
    const { plugin } = this.#active.binding;
    this.#context.log.info('plugin gave no advice', { role: this.role, plugin, reason, why });
  }

  get #unasked(): RoleResult {
    if (this.#declined !== undefined) return { ...notApplicable, detail: this.#declined };
    if (this.isOn) return notOpened;
    return this.#active.config.plugin === 'off' ? off : refused;
  }

  #compose(session: AnySession, view: SessionView): AskRole {
    const { config, clock } = this.#context;
    const { deadlineMs, onFailure } = this.#active.config;
    const plugin = (question: unknown) => session.advise(question, this.#abort.signal);
    const timed = withDeadline(plugin, clock, deadlineMs, () => {
      this.#abort.abort();
      this.#abort = new AbortController();
    });
    const judged = withEnvelope(timed, {
      envelope: createEnvelope(this.role, view.plan, config.envelope),
      onFailure,
      onDefect: (thrown) => this.#reportDefect(thrown),
      onDeclined: (thrown) => this.#decline(thrown),
    });
    return withBreakers(judged, clock, this.#breakers);
  }

  #createBreakers(): BreakerPair {
    const { planFailures, windowMs } = this.#context.config.breaker;
    // `none` is a breaker that opens at the first failure.
    const failures = this.#active.config.onFailure === 'none' ? 1 : planFailures;
    const coolDownMs = Number.POSITIVE_INFINITY;
    return {
      plan: new Breaker({ failures, windowMs, coolDownMs }),
      host: this.#active.breaker,
      onChange: (whose) => {
        if (whose === 'plan') this.#context.onRoleOff(this.role);
        else this.#context.onHostBreaker(this.#active);
      },
    };
  }

  #openSession(view: SessionView): AnySession | undefined {
    try {
      return this.#active.loaded?.plugin.openSession(view) as AnySession | undefined;
    } catch (thrown) {
      if (PluginError.is(thrown) && thrown.policy === 'not-applicable') {
        this.#decline(thrown);
      } else {
        this.#reportDefect(thrown);
        countFailure(this.#breakers, this.#context.clock.nowMs());
      }
      return undefined;
    }
  }

  #decline(thrown: unknown): void {
    this.#declined = cutText(describeThrown(thrown)) || 'no reason given';
    const { plugin } = this.#active.binding;
    this.#context.log.info('plugin declined the plan', {
      role: this.role,
      plugin,
      why: this.#declined,
    });
  }

  #reportDefect(thrown: unknown): void {
    const { plugin } = this.#active.binding;
    this.#context.log.warn('plugin failed', { role: this.role, plugin, err: thrown });
  }
}
