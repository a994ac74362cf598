import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import semver from 'semver';
import type { Clock } from '../../domain/clock.js';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { ServedRole } from '../../domain/host-config.js';
import type { PluginActivity } from '../../domain/operations/plugin-activity.js';
import type { PluginProcessState } from '../../domain/operations/plugin-processes.js';
import { withinTime } from '../../domain/within-time.js';
import * as sdk from '../../plugin-sdk/index.js';
import {
  isPluginDefinition,
  type PluginDefinition,
  type Role,
  type RolePlugin,
  SDK_VERSION,
  type WantedTensor,
} from '../../plugin-sdk/index.js';
import { guardPlugin } from './guarded-plugin.js';
import type { FoundPlugin } from './plugin-discovery.js';

/** A plugin that runs, under one role's settings. */
export interface LoadedPlugin {
  readonly manifest: sdk.Manifest;
  readonly plugin: RolePlugin<Role>;
  readonly wants: readonly WantedTensor[];
  readonly asksEveryN: number;
  /** What it opened while it was created; its answers come from these for good. */
  readonly models: readonly sdk.ModelIdentity[];
  /** How its process stands; undefined when it runs in the host's. */
  readonly process?: (() => PluginProcessState) | undefined;
}

/** Services by token id, for one plugin. */
export type ServiceTable = Readonly<Record<string, unknown>>;

export interface LoadContext {
  readonly clock: Pick<Clock, 'schedule'>;
  readonly loadTimeoutMs: number;
  readonly inference: sdk.Inference;
  readonly activity: PluginActivity;
  /** Called before the plugin's code is imported. */
  importing(): void;
  /** The other services. */
  servicesFor(pluginId: string): ServiceTable;
}

/**
 * The checks of a plugin after its manifest, in order, one coded error each: SDK range, role, entry, settings,
 * services, start in time. @throws HostError
 */
export async function loadPlugin(
  found: FoundPlugin,
  role: Role,
  settings: ServedRole['settings'],
  context: LoadContext,
): Promise<LoadedPlugin> {
  const { manifest } = found;
  const plugin = manifest.id;
  checkManifest(manifest, role);
  context.importing();
  const definition = await importAlone(found, context);
  checkRole(plugin, definition.role, manifest.role, 'its plugin.json');
  const config = parseSettings(plugin, definition, settings);
  const models: sdk.ModelIdentity[] = [];
  const inference = recordingInference(context.inference, models);
  const services = pickServices(plugin, definition, {
    ...context.servicesFor(plugin),
    inference,
  });
  const abort = new AbortController();
  let creating: Promise<RolePlugin<Role>> | undefined;
  try {
    creating = (async () => {
      context.activity.enter(plugin);
      try {
        return definition.create({ config, services, signal: abort.signal });
      } finally {
        context.activity.leave();
      }
    })();
    const created = await inLoadTime(creating, plugin, context);
    if (typeof created?.openSession !== 'function') {
      throw new Error('`create` returned nothing with an `openSession`');
    }
    return {
      manifest,
      plugin: guardPlugin(created, plugin, context.activity),
      wants: definition.wants?.(config) ?? [],
      asksEveryN: definition.asksEveryN?.(config) ?? 0,
      models: [...models],
    };
  } catch (thrown) {
    abort.abort();
    creating?.then((late) => late?.dispose?.()).catch(() => undefined);
    if (HostError.is(thrown)) throw thrown;
    const problem = describeThrown(thrown);
    throw new HostError('plugin-create-failed', { plugin, problem }, { cause: thrown });
  }
}

/** What can be said before any code runs. @throws HostError */
export function checkManifest(manifest: sdk.Manifest, role: Role): void {
  const { id: plugin, sdk: range } = manifest;
  if (!semver.validRange(range) || !semver.satisfies(SDK_VERSION, range)) {
    throw new HostError('plugin-sdk-range', { plugin, range, sdk: SDK_VERSION });
  }
  checkRole(plugin, manifest.role, role, 'the configuration');
}

function checkRole(plugin: string, actual: Role, expected: Role, by: string): void {
  if (actual !== expected) throw new HostError('plugin-role', { plugin, actual, expected, by });
}

let lastImport: Promise<unknown> = Promise.resolve();

/** One import at a time, so that code which never returns from its import can be named. */
function importAlone(found: FoundPlugin, context: LoadContext): Promise<PluginDefinition> {
  const { id } = found.manifest;
  const next = lastImport.then(async () => {
    context.activity.enter(id);
    try {
      return await inLoadTime(importDefinition(found), id, context);
    } finally {
      context.activity.leave();
    }
  });
  lastImport = next.catch(() => undefined);
  return next;
}

async function importDefinition(found: FoundPlugin): Promise<PluginDefinition> {
  const { id, entry } = found.manifest;
  const refuse = (problem: string, cause?: unknown) =>
    new HostError('plugin-entry', { plugin: id, entry, problem }, { cause });
  let exported: unknown;
  try {
    const url = pathToFileURL(join(found.folder, entry)).href;
    const module = (await import(url)) as { readonly plugin?: unknown };
    exported = typeof module.plugin === 'function' ? module.plugin(sdk) : module.plugin;
  } catch (thrown) {
    throw refuse(describeThrown(thrown), thrown);
  }
  if (!isPluginDefinition(exported)) throw refuse('it does not export a `plugin` of definePlugin');
  return exported;
}

function parseSettings(plugin: string, definition: PluginDefinition, settings: unknown): unknown {
  const { configSchema } = definition;
  if (typeof configSchema?.safeParse !== 'function') {
    throw new HostError('plugin-schema', { plugin, problem: 'it is not a zod schema' });
  }
  let parsed: ReturnType<typeof configSchema.safeParse>;
  try {
    parsed = configSchema.safeParse(settings);
  } catch (thrown) {
    const problem = describeThrown(thrown);
    throw new HostError('plugin-schema', { plugin, problem }, { cause: thrown });
  }
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ` : '') + issue.message)
    .join('; ');
  throw new HostError('plugin-settings', { plugin, problem });
}

function pickServices(plugin: string, definition: PluginDefinition, table: ServiceTable): {} {
  const picked = Object.entries(definition.requires ?? {}).map(([name, token]) => {
    if (!(token.id in table)) {
      const known = Object.keys(table).join(', ');
      throw new HostError('plugin-requires', { plugin, service: token.id, known });
    }
    return [name, table[token.id]];
  });
  return Object.fromEntries(picked) as {};
}

/** Remembers which models a plugin opened, so that its advice is accounted to them. */
function recordingInference(inference: sdk.Inference, opened: sdk.ModelIdentity[]): sdk.Inference {
  return {
    open: async (name) => {
      const handle = await inference.open(name);
      opened.push(handle.model);
      return handle;
    },
  };
}

/** What a plugin does while it starts has one time limit. */
function inLoadTime<T>(
  work: Promise<T>,
  plugin: string,
  { clock, loadTimeoutMs: limit }: LoadContext,
): Promise<T> {
  const late = () => new HostError('plugin-create-timeout', { plugin, limit });
  return withinTime(work, limit, clock, late);
}
