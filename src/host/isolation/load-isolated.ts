import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../domain/clock.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { HostConfig, IsolationConfig, ServedRole } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import type { Inference, Role } from '../../plugin-sdk/index.js';
import { type CodeIdentity, readCode } from '../plugins/plugin-code.js';
import type { FoundPlugin } from '../plugins/plugin-discovery.js';
import { checkManifest, type LoadedPlugin } from '../plugins/plugin-loader.js';
import { HostedModels } from './hosted-models.js';
import type { StartPluginProcess } from './plugin-process.js';
import type { PluginProtocol } from './plugin-protocol.js';
import { SupervisedPlugin } from './supervised-plugin.js';

/** What it takes to run plugins in processes of their own. */
export interface IsolationServices {
  readonly start: StartPluginProcess;
  /** Read when the first plugin needs it. */
  readonly protocol: () => PluginProtocol;
}

export interface IsolatedContext extends IsolationServices {
  readonly clock: Clock;
  readonly log: Log;
  readonly config: HostConfig;
  readonly inference: Inference;
  readonly code: CodeIdentity;
}

/** Whether a plugin runs in a process of its own: those that come with the host do not, unless the configuration says so. */
export function isIsolated(
  { manifest, isBuiltIn = false }: FoundPlugin,
  { default: normal, inline, process }: IsolationConfig,
): boolean {
  if (manifest.runtime === 'python') return true;
  if (process.includes(manifest.id)) return true;
  return normal === 'process' && !isBuiltIn && !inline.includes(manifest.id);
}

/** A plugin whose process is there, with what it said of itself. @throws HostError */
export async function startIsolated(
  found: FoundPlugin,
  role: Role,
  settings: ServedRole['settings'],
  context: IsolatedContext,
): Promise<SupervisedPlugin> {
  const { manifest, folder } = found;
  const { clock, log, config, start, protocol, inference, code } = context;
  checkManifest(manifest, role);
  const { memoryMb, hangMs, python } = config.plugins.isolation;
  const plugin = new SupervisedPlugin({
    clock,
    log,
    protocol: protocol(),
    start,
    spec: { manifest, folder, python, memoryMb },
    load: {
      folder,
      manifestJson: await readFile(join(folder, 'plugin.json'), 'utf8'),
      settingsJson: JSON.stringify(settings),
      role,
    },
    role,
    hangMs,
    loadTimeoutMs: config.plugins.loadTimeoutMs,
    historyIterations: config.server.historyIterations,
    models: new HostedModels(inference),
    checkCode: async () => {
      const { content } = await readCode(found);
      // Plans that are open are pinned to what they started with.
      if (content !== code.content) {
        throw new HostError('plugin-changed-apart', { plugin: manifest.id, folder });
      }
    },
  });
  await plugin.start();
  return plugin;
}

/** As `loadPlugin`, with the code in a process of its own. @throws HostError */
export async function loadIsolated(
  found: FoundPlugin,
  role: Role,
  settings: ServedRole['settings'],
  context: IsolatedContext,
): Promise<LoadedPlugin> {
  const plugin = await startIsolated(found, role, settings, context);
  const { wants, asksEveryN } = plugin;
  return {
    manifest: found.manifest,
    plugin,
    wants,
    asksEveryN,
    models: await plugin.models(),
    process: () => plugin.state,
  };
}
