import { Worker } from 'node:worker_threads';
import type { ModelsConfig } from '../domain/host-config.js';
import type { FromShadows } from '../domain/shadow-messages.js';
import type { StartShadowWorker } from '../experiments/shadow/shadow-link.js';
import type { PluginHome } from '../host/plugin-host.js';

/** What the worker finds its plugins and models by. */
export interface ShadowSurroundings {
  readonly home: PluginHome;
  readonly builtInModels: string;
  readonly modelWorkerEntry: string;
  readonly models: ModelsConfig;
  /** Loads and runs of models that are under way, one number that both threads see. */
  readonly inside: Int32Array;
}

/** Of views and states of 64 sessions with a few arms each. */
const HEAP_MB = 512;

/** A worker that is to end is looked at this often. */
const END_MS = 50;

function endOutside(worker: Worker, inside: Int32Array): void {
  if (Atomics.load(inside, 0) === 0) void worker.terminate();
  else setTimeout(endOutside, END_MS, worker, inside);
}

/** `script` is the compiled `shadow-worker.js`. */
export function shadowsInThread(
  script: string,
  surroundings: () => Omit<ShadowSurroundings, 'inside'>,
): StartShadowWorker {
  return ({ onMessage, onExit }) => {
    const inside = new Int32Array(new SharedArrayBuffer(4));
    const workerData: ShadowSurroundings = { ...surroundings(), inside };
    const worker = new Worker(script, {
      workerData,
      // A plugin that leaks ends its thread, not the host. Weights of models lie outside.
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    let problem = '';
    worker.on('message', (message: FromShadows) => onMessage(message));
    worker.on('error', (thrown: Error) => {
      problem = thrown.message;
    });
    worker.on('exit', (code) => onExit(problem || `it ended with ${code}`));
    return {
      post: (messages, transfer) => worker.postMessage(messages, [...transfer]),
      terminate: () => endOutside(worker, inside),
    };
  };
}
