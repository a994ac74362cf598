import type { AdviceOf } from '../advice.js';
import { questionFor } from '../internal/question.js';
import { SessionHistory } from '../internal/session-history.js';
import type { PlanView } from '../plan-view.js';
import type { PluginDefinition, RolePlugin } from '../plugin-definition.js';
import { PluginError } from '../plugin-error.js';
import type { Role } from '../role.js';
import type { RoleSessionOf, SessionEvent } from '../role-session.js';
import type { InferenceHandle } from '../services.js';
import type { SessionView } from '../session-view.js';
import { FakeInference, type FakeServices, fakeServices, pickServices } from './fake-services.js';
import { fakePlan } from './recorded-run.js';

/** Creates a plugin as the host does: configuration through its schema, services by its `requires`. */
export async function createPlugin<R extends Role>(
  // biome-ignore lint/suspicious/noExplicitAny: a definition is generic in its schema and services, which do not matter here.
  definition: PluginDefinition<R, any, any>,
  settings: unknown = {},
  services: FakeServices = fakeServices(),
): Promise<RolePlugin<R>> {
  return definition.create({
    config: definition.configSchema.parse(settings),
    services: pickServices(definition.requires ?? {}, services),
    signal: new AbortController().signal,
  });
}

/** Creates a plugin that opens one model, the given one under the given name. */
export function createWithModel<R extends Role>(
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  definition: PluginDefinition<R, any, any>,
  name: string,
  model: InferenceHandle,
  settings: unknown = {},
): Promise<RolePlugin<R>> {
  const inference = new FakeInference({ [name]: model });
  return createPlugin(definition, settings, fakeServices({ inference }));
}

/** A view that grows by `add(event)`. */
export function fakeSession(plan: PlanView = fakePlan(), seed = 7): SessionHistory {
  return new SessionHistory({ sessionId: 'test', seed, plan, maxIterations: 1024 });
}

/** One question of a run and what the plugin said. */
export interface PlayedAnswer<R extends Role> {
  readonly event: SessionEvent;
  readonly advice: AdviceOf<R> | undefined;
}

export interface PlayOptions {
  readonly plan?: PlanView;
  readonly seed?: number;
  readonly asksEveryN?: number;
  readonly signal?: AbortSignal;
}

/**
 * Plays events to one new session of a plugin as the host would: view, then `observe`, then `advise` where the role is
 * asked. Errors that plugins may throw count as no advice; others pass through. A plugin that declined is asked no more.
 */
export async function playRun<R extends Role>(
  role: R,
  plugin: RolePlugin<R>,
  events: readonly SessionEvent[],
  options: PlayOptions = {},
): Promise<readonly PlayedAnswer<R>[]> {
  const view = fakeSession(options.plan, options.seed);
  let session = openUnlessDeclined(plugin, view);
  const signal = options.signal ?? new AbortController().signal;
  const answers: PlayedAnswer<R>[] = [];
  for (const event of events) {
    view.add(event);
    session?.observe?.(event);
    const question = questionFor(role, event, options.asksEveryN ?? 0);
    if (question === undefined) continue;
    const ask = session?.advise as ((q: unknown, s: AbortSignal) => unknown) | undefined;
    try {
      const advice = (await ask?.call(session, question, signal)) as AdviceOf<R> | undefined;
      answers.push({ event, advice });
    } catch (thrown) {
      if (!PluginError.is(thrown)) throw thrown;
      answers.push({ event, advice: undefined });
      if (!isDecline(thrown)) continue;
      session?.dispose?.();
      session = undefined;
    }
  }
  session?.dispose?.();
  return answers;
}

const isDecline = (thrown: unknown) => PluginError.is(thrown) && thrown.policy === 'not-applicable';

/** Undefined when the plugin has nothing for the plan. */
export function openUnlessDeclined<R extends Role>(
  plugin: RolePlugin<R>,
  view: SessionView,
): RoleSessionOf<R> | undefined {
  try {
    return plugin.openSession(view);
  } catch (thrown) {
    if (isDecline(thrown)) return undefined;
    throw thrown;
  }
}
