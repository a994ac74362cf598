import { dirname, resolve } from 'node:path';
import { createContainer } from '../composition/container.js';
import { openTracing } from '../composition/open-tracing.js';
import { OPERATOR_TOKEN_VARIABLE } from '../composition/operator-access.js';
import { packagePaths } from '../composition/package-paths.js';
import { closeIntrinsics } from '../composition/process/close-intrinsics.js';
import { ProcessLife } from '../composition/process/process-life.js';
import { startHost } from '../composition/running-host.js';
import { tokens } from '../composition/tokens.js';
import { diffConfig } from '../config/diff-config.js';
import { FixedConfigSource } from '../config/live/fixed-config-source.js';
import { openLiveConfig } from '../config/live/open-live-config.js';
import { checkSecretFiles, formatFault, readConfig } from '../config/read-config.js';
import { formatPath, type Path } from '../config/yaml-document.js';
import type { HostConfig } from '../domain/host-config.js';
import type { PluginCatalogue } from '../domain/operations/role-board.js';
import { createPinoLog, synchronousOutput } from '../observability/pino-log.js';
import { TerminalOutput } from '../observability/terminal-output.js';
import { systemClock } from '../system/system-clock.js';
import { Watchdog } from '../workers/watchdog.js';
import { serveStartText } from './serve-start.js';

/** Beyond the grace for open plans: recordings, shadow arms, databases. What is not done then is recovered at the next start. */
const STOP_GRACE_MS = 20_000;

export interface ServeOptions {
  readonly config: string;
  readonly listen?: string | undefined;
  /** For programs, or for whoever sits before it; by default as standard output is no terminal or one. */
  readonly log?: 'json' | 'text' | undefined;
}

/** Of the operators' page, for a browser on this machine. */
function pageUrl(httpAddress: string, hasTls: boolean): string {
  return `${hasTls ? 'https' : 'http'}://${httpAddress.replace(/^(0\.0\.0\.0|\[::\])(?=:)/, 'localhost')}/`;
}

/** Serves until a signal ends it, then drains. */
export async function serve(options: ServeOptions): Promise<void> {
  const { listen } = options;
  const isText = (options.log ?? (process.stdout.isTTY ? 'text' : 'json')) === 'text';
  const terminal = isText ? new TerminalOutput() : undefined;
  let generation: (() => number) | undefined;
  const lifecycle = createPinoLog('info', terminal ?? synchronousOutput(), () => generation?.());
  const watchdog = new Watchdog(packagePaths().watchdogScript);
  let ownerOf: (stack: string) => string | undefined = () => undefined;
  const suspect = (stack = '') => ownerOf(stack) ?? watchdog.suspect;
  const { schedule } = systemClock;
  // Before any code of a plugin runs.
  const life = new ProcessLife({ process, lifecycle, suspect, schedule });
  life.watch();
  closeIntrinsics();
  const { live, stopStore, loaded, log } = await openLiveConfig({
    file: options.config,
    clock: systemClock,
    wallMs: () => Date.now(),
    log: ({ logging }) => createPinoLog(logging.level, terminal, () => generation?.()),
    override: (config) =>
      listen === undefined ? config : { ...config, server: { ...config.server, address: listen } },
  });
  generation = () => live.current().generation;
  watchdog.start(live.current().server.watchdogMs);
  const tracing = await openTracing(live.current().tracing, log);
  const host = await startHost({
    configSource: live,
    live,
    stopStore,
    log,
    clock: systemClock,
    activity: watchdog,
    packagesFrom: dirname(resolve(loaded.file)),
    operatorToken: process.env[OPERATOR_TOKEN_VARIABLE],
    observerFactories: tracing === undefined ? [] : [tracing],
  });
  ownerOf = host.ownerOf;
  life.serving({
    stopWithinMs: () => live.current().server.drainMs + STOP_GRACE_MS,
    stop: async () => {
      await host.stop();
      await tracing?.stop();
    },
  });
  // Last, for whoever reads it may send a signal at once.
  const { address, operatorAddress, httpAddress, version } = host;
  const page = pageUrl(httpAddress, live.current().security.http.tls !== undefined);
  if (terminal !== undefined) {
    const { drainMs } = live.current().server;
    terminal.serving(
      serveStartText({ host, page, file: options.config, generation: generation(), drainMs }),
    );
    return;
  }
  lifecycle.info('serving', {
    address,
    operatorAddress,
    httpAddress,
    version,
    page,
    startMs: Math.round(performance.now()),
  });
}

/**
 * Checks a configuration and the models and plugins it names, as `serve` would start them. No fault means valid; notices are of what
 * is taken and should be written otherwise.
 */
export async function check(
  file: string,
): Promise<{ readonly faults: readonly string[]; readonly notices: readonly string[] }> {
  const loaded = readConfig(file);
  await checkSecretFiles(loaded, Date.now());
  const quiet: HostConfig = { ...loaded.config, logging: { level: 'error' } };
  const watchdog = new Watchdog(packagePaths().watchdogScript);
  watchdog.start(loaded.config.server.watchdogMs);
  const ended = () => {
    process.stderr.write(
      `${file}: plugin ${watchdog.suspect} ended the process while it was checked\n`,
    );
    process.exitCode = 1;
  };
  process.once('exit', ended);
  // One that nobody waited for: `serve` logs it and serves.
  process.on('unhandledRejection', () => undefined);
  closeIntrinsics();
  const container = createContainer({
    configSource: new FixedConfigSource(quiet),
    clock: systemClock,
    log: createPinoLog('error', { write: () => undefined }),
    packagesFrom: dirname(resolve(file)),
    openExperimentStores: null,
    activity: watchdog,
  });
  const faults = await container.get(tokens.activation).start(quiet);
  const places = faultyPlaces(quiet, container.get(tokens.pluginHost));
  await container.get(tokens.shadows).dispose();
  await container.get(tokens.pluginHost).dispose();
  await container.get(tokens.modelRepository).dispose();
  container.get(tokens.metrics).dispose();
  await watchdog.stop();
  process.removeListener('exit', ended);
  const refused = faults.map(({ path, error }) => ({ path, problem: error.message }));
  return {
    faults: [...places, ...refused].map(({ path, problem }) =>
      formatFault(file, { line: loaded.lineOf(path), path: formatPath(path), problem }),
    ),
    notices: loaded.notices,
  };
}

/** Folders and packages of plugins that are not there or cannot be read; a host goes on without what is in them. */
function faultyPlaces(
  { plugins: { directories, packages } }: HostConfig,
  catalogue: PluginCatalogue,
): readonly { readonly path: Path; readonly problem: string }[] {
  const refused = new Map(catalogue.plugins().map(({ id, reason }) => [id, reason]));
  return Object.entries({ directories, packages }).flatMap(([kind, names]) =>
    names.flatMap((name, index) => {
      const problem = refused.get(name);
      return problem ? [{ path: ['plugins', kind, index], problem }] : [];
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
