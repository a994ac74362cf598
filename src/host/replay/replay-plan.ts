import { Breaker } from '../../domain/advice/breaker.js';
import type { Clock } from '../../domain/clock.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import { isPromise } from '../../domain/maybe-promise.js';
import type { RecordedPlan, RecordedStep, ReplayedAnswer } from '../../domain/replay/replay.js';
import { withinTime } from '../../domain/within-time.js';
import { ROLES, type Role } from '../../plugin-sdk/index.js';
import type { ActiveSet } from '../plugins/active-set.js';
import { provenanceOf } from '../sessions/acceptance.js';
import { PlanSession } from '../sessions/plan-session.js';
import { type CurrentQuestion, scripted } from './scripted-role.js';

/** A question that gets no answer within this is given up, and with it the session: nothing else bounds a replay. */
const GIVE_UP_MS = 60_000;

/** Time as the recording tells it. Timers are real: they only bound how long a plugin may take. */
export class ReplayClock implements Clock {
  readonly #real: Clock;
  #nowMs = 0;

  constructor(real: Clock) {
    this.#real = real;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  set(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    // Deadlines are infinite in a replay.
    return Number.isFinite(delayMs) ? this.#real.schedule(delayMs, callback) : () => undefined;
  }
}

export interface ReplayOptions {
  /** As the plan would get it now. */
  readonly set: ActiveSet;
  /**
   * Roles that the same plugin with the same model serves: what came of the machine is taken from the recording, so that what
   * follows can be compared.
   */
  readonly asRecorded: ReadonlySet<Role>;
  readonly clock: ReplayClock;
  readonly log: Log;
}

/** Since when operators had stopped advice: the index of the first event that was answered so. */
function stoppedSince(steps: readonly RecordedStep[]): number {
  const first = steps.findIndex(
    (step) =>
      step.kind === 'event' &&
      [...(step.answer?.values() ?? [])].some(({ reason }) => reason === 'stopped-by-operator'),
  );
  return first < 0 ? Number.POSITIVE_INFINITY : first;
}

/** A breaker of the host that says what it said then: it hung on other plans, too. */
class ScriptedBreaker extends Breaker {
  readonly #isOpen: () => boolean;

  constructor(isOpen: () => boolean) {
    super({ failures: Number.POSITIVE_INFINITY, windowMs: 0, coolDownMs: 0 });
    this.#isOpen = isOpen;
  }

  override admit(): boolean {
    return !this.#isOpen();
  }
}

/**
 * Sends a recorded session through the host's own session and role runners once more. Time, seed and bounds are those of the recording;
 * there is no deadline, so nothing hangs on how fast this machine is. Yields the answer to each event, in the order of `steps`.
 *
 * @throws HostError when an event breaks the contract, or `replay-unable` when a question is not answered within a minute.
 */
export async function* replayPlan(
  recorded: RecordedPlan,
  { set, asRecorded, clock, log }: ReplayOptions,
): AsyncGenerator<ReplayedAnswer> {
  const { steps, basis, plan, seed = 0 } = recorded;
  const current: CurrentQuestion = { advice: undefined, forced: new Set() };
  const roles = set.roles.map((active) => {
    const config = { ...active.config, deadlineMs: Number.POSITIVE_INFINITY };
    const isScripted = asRecorded.has(active.role);
    const reasonNow = () => current.advice?.get(active.role)?.reason;
    const breaker = new ScriptedBreaker(() => {
      const isOpen = isScripted && reasonNow() === 'breaker-host';
      if (isOpen) current.forced.add(active.role);
      return isOpen;
    });
    const loaded = isScripted
      ? scripted(active.role, active.loaded, current, clock)
      : active.loaded;
    return { ...active, config, breaker, loaded };
  });
  const { envelope, breaker, historyIterations } = basis;
  const server = { ...set.config.server, historyIterations };
  const stopIndex = stoppedSince(steps);
  let index = 0;
  clock.set(0);
  const session = new PlanSession({
    sessionId: recorded.sessionId,
    host: 'replay',
    provenanceOf,
    resumeToken: '',
    seed,
    peer: 'replay',
    clock,
    log,
    opening: {
      protocol: { major: 1, minor: 0 },
      client: recorded.client,
      planKey: recorded.planId,
      patientKey: '',
      label: '',
      adviceMode: recorded.adviceMode,
      mayRecord: false,
      plan,
      resumeToken: '',
      traceParent: '',
      failedSelfChecks: [],
    },
    set: { ...set, roles, config: { ...set.config, envelope, breaker, server } },
    enrolment: undefined,
    onHostBreaker: () => undefined,
    isStopped: () => index >= stopIndex,
    release: () => undefined,
  });
  // Plugins see what they wanted of the recording, no more.
  session.observeWith({
    observer: undefined,
    journal: undefined,
    isRecording: true,
    shadowWants: [],
  });
  try {
    for (const [at, step] of steps.entries()) {
      index = at;
      if (step.kind === 'resumed') session.resume();
      else if (step.kind === 'receipt') session.receipt(step);
      else {
        clock.set(step.atMs);
        current.advice = step.answer;
        current.forced = new Set();
        const answer = session.handle(step.event);
        const late = () => {
          const problem = `record ${at + 1} was not answered within ${GIVE_UP_MS / 1000} s`;
          return new HostError('replay-unable', { session: recorded.sessionId, problem });
        };
        const reply = isPromise(answer)
          ? await withinTime(answer, GIVE_UP_MS, clock, late)
          : answer;
        const advices = reply === undefined || reply.kind === 'summary' ? {} : reply.advices;
        yield { advices, forced: current.forced };
      }
    }
  } finally {
    session.dispose();
  }
}

/** Roles that a set serves as they were served then: same plugin, version, models and settings. */
export function rolesAsRecorded(
  { bindings, basis }: RecordedPlan,
  set: ActiveSet,
): ReadonlySet<Role> {
  return new Set(
    ROLES.filter((role) => {
      const active = set.roles.find((active) => active.role === role);
      const recorded = bindings.find((binding) => binding.role === role);
      const settings = JSON.stringify(basis.roles[role].settings);
      return (
        active !== undefined &&
        active.binding.plugin === (recorded?.plugin ?? '') &&
        active.binding.pluginVersion === (recorded?.pluginVersion ?? '') &&
        active.binding.modelSha256 === (recorded?.modelSha256 ?? '') &&
        (active.loaded === undefined || JSON.stringify(active.config.settings) === settings)
      );
    }),
  );
}
