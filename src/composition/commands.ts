import { dirname, resolve } from 'node:path';
import { diffConfig } from '../config/diff-config.js';
import { FixedConfigSource } from '../config/fixed-config-source.js';
import { formatFault, type LoadedConfig, readConfig } from '../config/read-config.js';
import type { HostConfig } from '../domain/host-config.js';
import { createPinoLog } from '../observability/pino-log.js';
import { createContainer, type Foundation } from './container.js';
import { startHost } from './running-host.js';
import { systemClock } from './system-clock.js';
import { tokens } from './tokens.js';

function foundationOf(loaded: LoadedConfig, config: HostConfig): Foundation {
  return {
    configSource: new FixedConfigSource(config),
    clock: systemClock,
    log: createPinoLog(config.logging.level),
    packagesFrom: dirname(resolve(loaded.file)),
  };
}

export interface ServeOptions {
  readonly config: string;
  readonly listen?: string | undefined;
}

/** Serves until SIGTERM or SIGINT, then drains. */
export async function serve(options: ServeOptions): Promise<void> {
  const loaded = readConfig(options.config);
  const { config } = loaded;
  const server = { ...config.server, address: options.listen ?? config.server.address };
  const foundation = foundationOf(loaded, { ...config, server });
  const host = await startHost(foundation);
  // Supervisors and tests wait for these lines, so they are written at any configured level.
  const lifecycle = createPinoLog('info');
  const leave = (signal: string) => {
    lifecycle.info('draining', { signal });
    host.stop().then(
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
    generation: config.generation,
    startMs: Math.round(performance.now()),
  });
}

/**
 * Checks a configuration and the models and plugins it names, as `serve` would start them. Returns the faults; none means sound.
 */
export async function check(file: string): Promise<readonly string[]> {
  const loaded = readConfig(file);
  const quiet: HostConfig = { ...loaded.config, logging: { level: 'error' } };
  const silent = { write: () => undefined };
  const container = createContainer({
    ...foundationOf(loaded, quiet),
    log: createPinoLog('error', silent),
  });
  const plugins = container.get(tokens.pluginHost);
  const models = container.get(tokens.modelRepository);
  const labelFaults = (await models.start()).map(({ id, label, error }) => {
    const line = loaded.lineOf(['models', 'labels', id, label]);
    const path = `models.labels.${id}.${label}`;
    return formatFault(file, { line, path, problem: error.message });
  });
  const set = await plugins.activate(quiet);
  await plugins.dispose();
  await models.dispose();
  container.get(tokens.metrics).dispose();
  const roleFaults = set.roles.flatMap(({ role, refusal }) => {
    if (refusal === undefined) return [];
    const part = refusal.code === 'plugin-settings' ? 'settings' : 'plugin';
    const line = loaded.lineOf(['roles', role, part]);
    return [formatFault(file, { line, path: `roles.${role}.${part}`, problem: refusal.message })];
  });
  return [...labelFaults, ...roleFaults];
}

/** Lines that say what `after` means differently from `before`. */
export function diff(before: string, after: string): readonly string[] {
  const show = (value: unknown) => (value === undefined ? '(absent)' : JSON.stringify(value));
  return diffConfig(readConfig(before).raw, readConfig(after).raw).map(
    (change) => `${change.path}: ${show(change.before)} -> ${show(change.after)}`,
  );
}
