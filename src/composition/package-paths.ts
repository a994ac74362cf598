import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this package lies, whether it runs from sources or compiled. */
export interface PackagePaths {
  readonly version: string;
  /** Folder of this package. */
  readonly root: string;
  readonly protoDirectory: string;
  /** The host's own plugins, compiled. */
  readonly pluginDirectory: string;
  /** The models that come with the host. */
  readonly modelDirectory: string;
  /** Compiled code of the threads that models run in. */
  readonly workerEntry: string;
  /** The operator's page, built. */
  readonly dashboardDirectory: string;
  /** The compiled script that turns recordings into trajectories. */
  readonly convertScript: string;
  /** The compiled script of the thread that the embedded database is in. */
  readonly databaseScript: string;
  /** The compiled script that looks at experiments. */
  readonly analysisScript: string;
  /** The compiled script that computes shadow arms. */
  readonly shadowScript: string;
  /** The compiled script of processes that run a plugin. */
  readonly pluginScript: string;
  /** The compiled script that reads experiments for the page. */
  readonly reportScript: string;
  /** The compiled script that watches the serving thread. */
  readonly watchdogScript: string;
}

export function packagePaths(): PackagePaths {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return {
    version,
    root,
    protoDirectory: join(root, 'proto'),
    pluginDirectory: join(root, 'dist/plugins'),
    modelDirectory: join(root, 'models'),
    workerEntry: join(root, 'dist/src/workers/model-worker.js'),
    dashboardDirectory: join(root, 'dist/dashboard'),
    convertScript: join(root, 'dist/src/workers/convert-worker.js'),
    databaseScript: join(root, 'dist/src/workers/database-worker.js'),
    analysisScript: join(root, 'dist/src/workers/analysis-worker.js'),
    shadowScript: join(root, 'dist/src/workers/shadow-worker.js'),
    pluginScript: join(root, 'dist/src/workers/plugins/plugin-worker.js'),
    reportScript: join(root, 'dist/src/workers/report-worker.js'),
    watchdogScript: join(root, 'dist/src/workers/watchdog-thread.js'),
  };
}
