import { fork } from 'node:child_process';
import type { ModelsConfig } from '../domain/host-config.js';
import type { PluginHome } from '../host/plugins/plugin-host.js';
import type { StartShadowWorker } from '../shadow/shadow-link.js';
import type { FromShadows } from '../shadow/shadow-messages.js';

/** What the worker finds its plugins and models by; its first message. */
export interface ShadowSurroundings {
  readonly home: PluginHome;
  readonly builtInModels: string;
  readonly modelWorkerEntry: string;
  readonly models: ModelsConfig;
  /** The compiled `plugin-worker.js`, and the folder of the messages that it speaks. */
  readonly pluginScript: string;
  readonly protoDirectory: string;
}

/** Of views and states of 64 sessions with a few arms each. Weights of models lie outside. */
const HEAP_MB = 512;

/** `script` is the compiled `shadow-worker.js`. A process: what crashes, leaks or hangs there leaves the host as it is. */
export function shadowsInProcess(
  script: string,
  surroundings: () => ShadowSurroundings,
): StartShadowWorker {
  return ({ onMessage, onExit }) => {
    const child = fork(script, {
      // Vectors go as bytes.
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      // Standard output is the host's log; what a plugin prints there is not.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (message) => onMessage(message as FromShadows));
    child.on('error', (thrown) => onExit(thrown.message));
    child.on('exit', (code, signal) =>
      onExit(signal === null ? `it ended with ${code}` : `it was ended by ${signal}`),
    );
    const send = (message: object) => {
      // That it is gone is told by its exit.
      if (child.connected) child.send(message, () => undefined);
    };
    send(surroundings());
    return { post: send, terminate: () => child.kill('SIGKILL') };
  };
}
