import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { ServedRole } from '../../domain/host-config.js';
import { definePlugin, type PluginDefinition, type RolePlugin, z } from '../../plugin-sdk/index.js';
import type { FoundPlugin } from '../plugins/plugin-discovery.js';
import { type IsolatedContext, startIsolated } from './load-isolated.js';

/** A definition whose plugins run in processes, for rules that are written for plugins that don't. */
export interface IsolatedDefinition {
  readonly definition: PluginDefinition;
  /** Ends the processes that are left. */
  dispose(): Promise<void>;
}

const UNKNOWN = { 'no-such-setting': 1 };

/**
 * Starts the plugin once to learn what it wants, and once with a setting that no plugin has.
 * @throws HostError when it cannot be started with an empty configuration.
 */
export async function isolatedDefinition(
  found: FoundPlugin,
  context: () => IsolatedContext,
): Promise<IsolatedDefinition> {
  const { role } = found.manifest;
  const running = new Set<RolePlugin<typeof role>>();
  const open = async (settings: ServedRole['settings']) => {
    const plugin = await startIsolated(found, role, settings, context());
    running.add(plugin);
    return plugin;
  };
  const first = await open({});
  const { wants, asksEveryN } = first;
  await first.dispose();
  running.delete(first);
  const refusal = await open(UNKNOWN).then(() => undefined, describeRefusal);
  const definition = definePlugin({
    role,
    configSchema: z
      .record(z.string(), z.unknown())
      .refine((settings) => refusal === undefined || Object.keys(settings).length === 0, {
        message: refusal ?? '',
      }),
    wants: () => wants,
    asksEveryN: () => asksEveryN,
    create: async ({ config }) => {
      const plugin = await open(config);
      return {
        openSession: (view) => plugin.openSession(view),
        dispose: async () => {
          running.delete(plugin);
          await plugin.dispose();
          const left = plugin.leftRunning.join(', ');
          if (left !== '') throw new Error(`the plugin left running: ${left}`);
        },
      };
    },
  });
  return {
    definition: definition as unknown as PluginDefinition,
    dispose: async () => {
      await Promise.all([...running].map((plugin) => plugin.dispose?.()));
    },
  };
}

/** @throws what is not about the settings. */
function describeRefusal(thrown: unknown): string {
  if (HostError.is(thrown) && thrown.code === 'plugin-settings') return describeThrown(thrown);
  throw thrown;
}
