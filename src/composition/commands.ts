import { dirname, resolve } from 'node:path';
import { diffConfig } from '../config/diff-config.js';
import { FixedConfigSource } from '../config/fixed-config-source.js';
import { openLiveConfig } from '../config/open-live-config.js';
import { formatFault, readConfig } from '../config/read-config.js';
import { formatPath } from '../config/yaml-document.js';
import type { HostConfig } from '../domain/host-config.js';
import { createPinoLog } from '../observability/pino-log.js';
import { createContainer, type Foundation } from './container.js';
import { openTracing } from './open-tracing.js';
import { OPERATOR_TOKEN_VARIABLE } from './operator-access.js';
import { startHost } from './running-host.js';
import { systemClock } from './system-clock.js';
import { tokens } from './tokens.js';

export interface ServeOptions {
  readonly config: string;
  readonly listen?: string | undefined;
}

/** Serves until SIGTERM or SIGINT, then drains. */
export async function serve(options: ServeOptions): Promise<void> {
  const { listen } = options;
  let generation: (() => number) | undefined;
  const { live, stopStore, loaded, log } = await openLiveConfig({
    file: options.config,
    clock: systemClock,
    wallMs: () => Date.now(),
    log: ({ logging }) => createPinoLog(logging.level, undefined, () => generation?.()),
    overrule: (config) =>
      listen === undefined ? config : { ...config, server: { ...config.server, address: listen } },
  });
  generation = () => live.current().generation;
  const tracing = await openTracing(live.current().tracing, log);
  const foundation: Foundation = {
    ...{ configSource: live, live, stopStore, log, clock: systemClock },
    packagesFrom: dirname(resolve(loaded.file)),
    operatorToken: process.env[OPERATOR_TOKEN_VARIABLE],
    audiences: tracing === undefined ? [] : [tracing],
  };
  const host = await startHost(foundation);
  // Supervisors and tests wait for these lines, so they are written at any configured level.
  const lifecycle = createPinoLog('info', undefined, generation);
  const leave = (signal: string) => {
    lifecycle.info('draining', { signal });
    const stop = async () => {
      await host.stop();
      await tracing?.stop();
    };
    stop().then(
      () => lifecycle.info('stopped'),
      (thrown: unknown) => {
        foundation.log.error('stopped with an error', { err: thrown });
        process.exitCode = 1;
      },
    );
  };
  // A plugin can reject a promise that nobody waits for. It costs a line in the log, never a plan.
  process.on('unhandledRejection', (thrown) => {
    foundation.log.error('a rejection nobody waited for, perhaps of a plugin', { err: thrown });
  });
  // A throw outside every call leaves the process in doubt: open plans may finish, then it goes.
  process.once('uncaughtException', (thrown) => {
    foundation.log.error('a throw nobody caught, perhaps of a plugin', { err: thrown });
    process.exitCode = 1;
    leave('uncaughtException');
  });
  process.once('SIGTERM', () => leave('SIGTERM'));
  process.once('SIGINT', () => leave('SIGINT'));
  // Last, for whoever reads it may send a signal at once.
  const { address, operatorAddress, httpAddress, version } = host;
  lifecycle.info('serving', {
    ...{ address, operatorAddress, httpAddress, version },
    startMs: Math.round(performance.now()),
  });
}

/**
 * Checks a configuration and the models and plugins it names, as `serve` would start them. Returns the faults; none means sound.
 */
export async function check(file: string): Promise<readonly string[]> {
  const loaded = readConfig(file);
  const quiet: HostConfig = { ...loaded.config, logging: { level: 'error' } };
  const container = createContainer({
    configSource: new FixedConfigSource(quiet),
    clock: systemClock,
    log: createPinoLog('error', { write: () => undefined }),
    packagesFrom: dirname(resolve(file)),
    openExperimentStores: null,
  });
  const faults = await container.get(tokens.activation).start(quiet);
  await container.get(tokens.shadows).dispose();
  await container.get(tokens.pluginHost).dispose();
  await container.get(tokens.modelRepository).dispose();
  container.get(tokens.metrics).dispose();
  return faults.map(({ path, error }) =>
    formatFault(file, {
      line: loaded.lineOf(path),
      path: formatPath(path),
      problem: error.message,
    }),
  );
}

/** Lines that say what `after` means differently from `before`. */
export function diff(before: string, after: string): readonly string[] {
  const show = (value: unknown) => (value === undefined ? '(absent)' : JSON.stringify(value));
  return diffConfig(readConfig(before).raw, readConfig(after).raw).map(
    (change) => `${change.path}: ${show(change.before)} -> ${show(change.after)}`,
  );
}
