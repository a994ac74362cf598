import type { PluginActivity } from '../../domain/operations/plugin-activity.js';
import type { Role, RolePlugin, RoleSession } from '../../plugin-sdk/index.js';

type AnySession = RoleSession<unknown, unknown>;

/** Runs what a plugin does with its name told to who watches the thread, and refuses sessions that are none. */
export function guardPlugin(
  plugin: RolePlugin<Role>,
  id: string,
  activity: PluginActivity,
): RolePlugin<Role> {
  const run = <T>(work: () => T): T => {
    activity.enter(id);
    try {
      return work();
    } finally {
      activity.leave();
    }
  };
  return {
    openSession: (view) =>
      guardSession(run(() => plugin.openSession(view)) as unknown, run) as never,
    dispose: () => run(() => plugin.dispose?.()),
  };
}

function guardSession(opened: unknown, run: <T>(work: () => T) => T): AnySession {
  if (typeof (opened as { then?: unknown } | null | undefined)?.then === 'function') {
    // Nobody else would wait for it.
    (opened as Promise<unknown>).then(undefined, () => undefined);
    throw new Error('`openSession` returned a promise: it must not be async');
  }
  const session = opened as AnySession | null | undefined;
  if (typeof session?.advise !== 'function') {
    const what = session === null ? 'null' : typeof session;
    throw new Error(`\`openSession\` returned ${what}, without a function \`advise\``);
  }
  return {
    advise: (question, signal) => run(() => session.advise(question, signal)),
    ...(session.observe && { observe: (event) => run(() => session.observe?.(event)) }),
    dispose: () => run(() => session.dispose?.()),
  };
}
