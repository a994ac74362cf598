import type { Clock } from '../../domain/clock.js';
import type { RecordedAdvice } from '../../domain/replay/replay.js';
import { machineReasonOf } from '../../domain/replay/replay-reasons.js';
import { withinTime } from '../../domain/within-time.js';
import {
  ModelUnavailable,
  RetryLater,
  type Role,
  type RolePlugin,
  type RoleSession,
} from '../../plugin-sdk/index.js';
import type { LoadedPlugin } from '../plugins/plugin-loader.js';
import { DeadlineMissed } from '../roles/interceptors.js';

/** The question that a replay is at. */
export interface CurrentQuestion {
  /** What was answered then. */
  advice: ReadonlyMap<Role, RecordedAdvice> | undefined;
  /** Roles whose answer of then was used. */
  forced: Set<Role>;
}

type AnySession = RoleSession<unknown, unknown>;

/** What the plugin's own answer is thrown away for. */
function thrownThen(reason: 'late' | 'retry-later' | 'model-unavailable'): Error {
  switch (reason) {
    case 'late':
      return new DeadlineMissed('late');
    case 'retry-later':
      return new RetryLater('as recorded');
    case 'model-unavailable':
      return new ModelUnavailable('as recorded');
  }
}

/**
 * The plugin, whose answers fail where they failed because of the machine. It is asked all the same where it was asked then, for
 * it may keep what it saw.
 */
export function scripted(
  role: Role,
  loaded: LoadedPlugin | undefined,
  current: CurrentQuestion,
  clock: Pick<Clock, 'schedule'>,
): LoadedPlugin | undefined {
  if (loaded === undefined) return undefined;
  const open = (view: Parameters<RolePlugin<Role>['openSession']>[0]): AnySession => {
    const inner = loaded.plugin.openSession(view) as AnySession;
    const observing = inner.observe !== undefined;
    return {
      ...(observing ? { observe: (event) => inner.observe?.(event) } : {}),
      advise: (question, signal) => {
        const reason = machineReasonOf(current.advice?.get(role)?.reason ?? '');
        if (reason === undefined || reason === 'breaker-host')
          return inner.advise(question, signal);
        current.forced.add(role);
        if (reason === 'still-busy') throw new DeadlineMissed('still-busy');
        return settled(inner, question, clock).then(() => Promise.reject(thrownThen(reason)));
      },
      dispose: () => inner.dispose?.(),
    };
  };
  return { ...loaded, plugin: { openSession: open } as unknown as RolePlugin<Role> };
}

/** How long a late answer is waited for, by a clock whose timers are real: it may never come. */
const GRACE_MS = 2000;

/** Asks, and waits, whatever comes of it. What goes on longer is aborted, as it was then. */
async function settled(
  inner: AnySession,
  question: unknown,
  clock: Pick<Clock, 'schedule'>,
): Promise<void> {
  const abort = new AbortController();
  try {
    const asked = (async () => inner.advise(question, abort.signal))();
    await withinTime(asked, GRACE_MS, clock, 'the plugin');
  } catch {
    // It came to nothing then, too.
  } finally {
    abort.abort();
  }
}
