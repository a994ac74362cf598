import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Log } from '../domain/log.js';
import type { FromShadows, ToShadows } from '../domain/shadow-messages.js';
import { PluginHost } from '../host/plugin-host.js';
import { ShadowRunner } from '../host/shadow/shadow-runner.js';
import { ShadowSets } from '../host/shadow/shadow-sets.js';
import { ModelRepository } from '../inference/model-repository.js';
import { seededRandom } from '../plugin-sdk/seeded-random.js';
import { stepBack } from '../storage/step-back.js';
import { guardedModels } from './guarded-models.js';
import { quietMetrics } from './quiet-metrics.js';
import type { ShadowSurroundings } from './shadow-thread.js';
import { systemClock } from './system-clock.js';

/** As threads of models: a start or reload waits for it, so it must not starve on a busy machine. */
const NICENESS = 10;

// Computes shadow arms: a host of its own, without anybody to serve, that yields to the threads of the one that serves.
stepBack(NICENESS);

const { home, builtInModels, modelWorkerEntry, models, inside } = workerData as ShadowSurroundings;
const port = parentPort;
if (port === null) throw new Error('this is the script of a worker thread');
const send = (message: FromShadows) => port.postMessage(message);

/** Lines go to the log of the host. */
function logTo(more: Readonly<Record<string, unknown>>): Log {
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const all = { ...more, ...fields, thread: 'shadow arms' };
      try {
        send({ kind: 'log', level, message, fields: all });
      } catch {
        // A plugin may log what can't be cloned.
        send({ kind: 'log', level, message, fields: { thread: 'shadow arms' } });
      }
    };
  return {
    ...{ debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    child: (fields) => logTo({ ...more, ...fields }),
  };
}

const log = logTo({});
const repository = new ModelRepository({
  // Nobody waits here for a model that runs where it is asked; one thread more tries models out.
  config: { ...models, inlineBelowMs: Number.MAX_VALUE, workerThreads: 1, maxBatch: 1 },
  ...{ builtInDirectory: builtInModels, workerEntry: modelWorkerEntry, log },
  ...{ metrics: quietMetrics, loadsLabelled: false },
});
const plugins = new PluginHost(
  { clock: systemClock, log, metrics: quietMetrics, random: seededRandom },
  home,
);
const runner = new ShadowRunner({
  ...{ clock: systemClock, log, send },
  sets: new ShadowSets(plugins, guardedModels(repository, inside)),
  breathe: setImmediate,
  onClosed: async () => {
    await plugins.dispose();
    // The runtime does not free what a thread leaves behind.
    await repository.dispose();
    // Whatever a plugin left running.
    process.exit();
  },
});
port.on('message', (messages: readonly ToShadows[]) => {
  for (const message of messages) runner.handle(message);
});
// A plugin may reject a promise that nobody waits for; of other threads' plans none is touched.
process.on('unhandledRejection', (thrown) => {
  log.error('a rejection nobody waited for, perhaps of a plugin', { err: thrown });
});
