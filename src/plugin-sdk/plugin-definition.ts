import type { z } from 'zod';
import type { Role } from './role.js';
import type { RoleSessionOf } from './role-session.js';
import type { Requires, ServicesOf } from './services.js';
import type { SessionView } from './session-view.js';
import type { WantedTensor } from './tensor.js';

/** What `create` gets. */
export interface PluginContext<Config, Q extends Requires> {
  readonly config: Config;
  readonly services: ServicesOf<Q>;
  /** Aborts when the host gives up waiting for the plugin. */
  readonly signal: AbortSignal;
}

/** A running plugin, shared by all sessions. */
export interface RolePlugin<R extends Role> {
  /**
   * Makes the state of one session. Called before the session's first event, with a view that has the plan alone. Must not await.
   * @throws NotApplicable when the plan says already that the plugin has nothing for it: then the optimizer is not even asked for
   * what the plugin `wants`. Anything else counts as a defect of the plugin.
   */
  openSession(view: SessionView): RoleSessionOf<R>;
  /** Called once, after the last session has ended. */
  dispose?(): void | Promise<void>;
}

/** Everything the host needs to know about a plugin's code. */
export interface PluginDefinition<
  R extends Role = Role,
  Schema extends z.ZodType = z.ZodType,
  Q extends Requires = Requires,
> {
  /** The same as in `plugin.json`. */
  readonly role: R;
  /** A strict zod object whose fields all have defaults, so that `{}` is a valid configuration. */
  readonly configSchema: Schema;
  /** Tensors the plugin needs under a configuration. Default: none. */
  readonly wants?: (config: z.output<Schema>) => readonly WantedTensor[];
  /** Only for `adaptive-variance`: also ask at every n-th iteration. Default 0: only at level starts. */
  readonly asksEveryN?: (config: z.output<Schema>) => number;
  /** Services, by names of the plugin's own choice. */
  readonly requires?: Q;
  /** Makes the plugin. May await, within the host's load time. */
  create(context: PluginContext<z.output<Schema>, Q>): RolePlugin<R> | Promise<RolePlugin<R>>;
}

const brand = Symbol.for('dh-advisor/plugin-definition');

/**
 * Declares a plugin. The entry of a plugin exports the result as `plugin`, or exports as `plugin` a function that gets
 * this module and returns the result, which needs no installed copy of it.
 *
 * ```ts
 * export const plugin = definePlugin({ role: 'early-stopping', configSchema, create: ({ config }) => ({ ... }) });
 * ```
 */
export function definePlugin<R extends Role, Schema extends z.ZodType, Q extends Requires = {}>(
  definition: PluginDefinition<R, Schema, Q>,
): PluginDefinition<R, Schema, Q> {
  return Object.freeze({ ...definition, [brand]: true });
}

/** Whether a value came from `definePlugin`, of this copy of the SDK or another. */
export function isPluginDefinition(value: unknown): value is PluginDefinition {
  return typeof value === 'object' && value !== null && brand in value;
}
