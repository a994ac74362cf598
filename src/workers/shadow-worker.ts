import { setImmediate } from 'node:timers/promises';
import { describeThrown } from '../domain/errors/host-error.js';
import type { Log } from '../domain/log.js';
import { PluginHost } from '../host/plugins/plugin-host.js';
import { ModelRepository } from '../inference/model-repository.js';
import { seededRandom } from '../plugin-sdk/internal/seeded-random.js';
import { ShadowRunner } from '../shadow/process/shadow-runner.js';
import { ShadowSets } from '../shadow/process/shadow-sets.js';
import type { FromShadows, ToShadows } from '../shadow/shadow-messages.js';
import { lowerProcessPriority } from '../system/lower-priority.js';
import { systemClock } from '../system/system-clock.js';
import { connectRemote } from '../transport/open-inference/remote-client.js';
import { isolatedPlugins } from './plugins/plugin-launcher.js';
import { quietMetrics } from './quiet-metrics.js';
import type { ShadowSurroundings } from './shadow-process.js';

/** As threads of models: a start or reload waits for it, so it must not starve on a busy machine. */
const NICENESS = 10;

// Computes shadow arms: a host of its own, without anybody to serve, that yields to the processes that serve and plan.
lowerProcessPriority(NICENESS);

const send = (message: FromShadows, onSent?: () => void) => {
  // After the host has gone there is nobody to tell.
  if (process.connected) process.send?.(message, undefined, undefined, onSent);
};

/** Lines go to the log of the host. */
function logTo(more: Readonly<Record<string, unknown>>): Log {
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const all = { ...more, ...fields, process: 'shadow arms' };
      try {
        send({ kind: 'log', level, message, fields: all });
      } catch {
        // A plugin may log what can't be sent.
        send({ kind: 'log', level, message, fields: { process: 'shadow arms' } });
      }
    };
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: (fields) => logTo({ ...more, ...fields }),
  };
}

const log = logTo({});

function begin(surroundings: ShadowSurroundings): void {
  const { home, builtInModels, modelWorkerEntry, models, pluginScript, protoDirectory } =
    surroundings;
  const repository = new ModelRepository({
    // Nobody waits here for a model that runs where it is asked; one thread more tries models out.
    config: { ...models, inlineBelowMs: Number.MAX_VALUE, workerThreads: 1, maxBatchSize: 1 },
    builtInDirectory: builtInModels,
    workerEntry: modelWorkerEntry,
    connectRemote: connectRemote(protoDirectory),
    log,
    metrics: quietMetrics.models,
    loadsLabelled: false,
  });
  const plugins = new PluginHost(
    {
      clock: systemClock,
      log,
      metrics: quietMetrics,
      random: seededRandom,
      isolation: isolatedPlugins(pluginScript, protoDirectory),
    },
    home,
  );
  const runner = new ShadowRunner({
    clock: systemClock,
    log,
    send,
    sets: new ShadowSets(plugins, repository),
    yieldToEventLoop: setImmediate,
    onClosed: async () => {
      await plugins.dispose();
      await repository.dispose();
      // Behind what was told before; a plugin may have left something running.
      send({ kind: 'done', items: 0, bytes: 0 }, () => process.exit());
    },
  });
  process.on('message', (messages: readonly ToShadows[]) => {
    for (const message of messages) runner.handle(message);
  });
}

process.once('message', begin);
// The host is gone, however it went.
process.on('disconnect', () => process.exit());
// Meant for the host, which says here what it means for shadow arms.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// A plugin may reject a promise that nobody waits for; the plans of others are not touched.
process.on('unhandledRejection', (thrown) => {
  log.error('a rejection nobody waited for, perhaps of a plugin', { err: thrown });
});
process.on('uncaughtException', (thrown) => {
  const fields = { process: 'shadow arms', reason: describeThrown(thrown) };
  const message = 'an error nobody caught, perhaps of a plugin';
  send({ kind: 'log', level: 'error', message, fields }, () => process.exit(1));
});
