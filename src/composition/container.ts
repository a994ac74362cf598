import { Container, ContainerModule } from 'inversify';
import { FixedConfigSource } from '../config/live/fixed-config-source.js';
import type { LiveConfig } from '../config/live/live-config.js';
import type { Clock } from '../domain/clock.js';
import type { OpenExperimentStores } from '../domain/experiments/plan-experiments.js';
import type { ConfigSource } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { StopStore } from '../domain/operations/operations.js';
import { type PluginActivity, UNWATCHED } from '../domain/operations/plugin-activity.js';
import type { SessionObserverFactory } from '../domain/session/session-observer.js';
import type { Overload } from '../domain/shadow/shadow-outcome.js';
import { PromMetrics } from '../observability/prometheus/metrics.js';
import { seededRandom } from '../plugin-sdk/internal/seeded-random.js';
import { loadMonitor } from '../shadow/load-monitor.js';
import { experimentStores } from '../storage/experiments/experiment-stores.js';
import { type JournalFiles, nodeJournalFiles } from '../storage/journals/journal-files.js';
import { type AppendFiles, nodeAppendFiles } from '../storage/recordings/journal/recording-log.js';
import { JwtTokens } from '../system/access/jwt-tokens.js';
import { isolatedPlugins } from '../workers/plugins/plugin-launcher.js';
import { experimentsModule } from './experiments.module.js';
import { hostModule } from './host.module.js';
import { inferenceModule } from './inference.module.js';
import { type AccessSecrets, OperatorAccess } from './operator-access.js';
import { packagePaths } from './package-paths.js';
import { serverModule } from './server.module.js';
import { storageModule } from './storage.module.js';
import { tokens } from './tokens.js';

/** What differs from one host to another, and what tests bring their own of. */
export interface Foundation {
  readonly configSource: ConfigSource;
  /** Set when the configuration can change while the host runs. */
  readonly live?: LiveConfig | undefined;
  /** Where the kill switch is written down; absent: nowhere. */
  readonly stopStore?: StopStore | undefined;
  /** What operators must show for changes; absent or empty: nothing. */
  readonly operatorToken?: string | undefined;
  readonly clock: Clock;
  /** Replaces the monitor of what the thread that serves is short of. */
  readonly overload?: (() => Overload | undefined) | undefined;
  readonly log: Log;
  /** Told of plugins at work; absent: nobody is. */
  readonly activity?: PluginActivity | undefined;
  /** Folder that plugin packages are looked up from. */
  readonly packagesFrom: string;
  /** Who follows sessions beside the host's own. */
  readonly observerFactories?: readonly SessionObserverFactory[] | undefined;
  /** Replaces the folder of the host's own plugins. */
  readonly pluginDirectory?: string | undefined;
  /** Replaces the disk that recordings are written to. */
  readonly recordingFiles?: AppendFiles | undefined;
  /** Replaces the disk that journals are written to. */
  readonly journalFiles?: JournalFiles | undefined;
  /** Replaces the database of experiments; null when a configuration is only checked. */
  readonly openExperimentStores?: OpenExperimentStores | null | undefined;
}

/** For hosts without a place of their own, such as those of tests. */
const forgetfulStore: StopStore = { load: () => undefined, save: async () => undefined };

function foundationModule(foundation: Foundation): ContainerModule {
  return new ContainerModule(({ bind }) => {
    const paths = packagePaths();
    bind(tokens.configSource).toConstantValue(foundation.configSource);
    bind(tokens.configControl).toConstantValue(
      foundation.live ?? new FixedConfigSource(foundation.configSource.current()),
    );
    bind(tokens.stopStore).toConstantValue(foundation.stopStore ?? forgetfulStore);
    const { operatorAddress, httpAddress, operatorTokens, access } =
      foundation.configSource.current();
    const onFaulty = (name: string, problem: string) =>
      foundation.log.warn('a token of operators cannot be read', { name, problem });
    const secrets: AccessSecrets = {
      ...access,
      token: foundation.operatorToken ?? '',
      named: operatorTokens,
      onFaulty,
      jwt:
        access.jwt &&
        new JwtTokens(access.jwt, {
          wallMs: Date.now,
          onFaulty: (problem) => foundation.log.warn('keys of tokens cannot be read', { problem }),
        }),
    };
    const guard = (key: string, address: string) => new OperatorAccess(secrets, { key, address });
    bind(tokens.operatorAccess).toConstantValue(guard('operator.address', operatorAddress));
    bind(tokens.pageAccess).toConstantValue(guard('http.address', httpAddress));
    bind(tokens.observerFactories).toConstantValue(foundation.observerFactories ?? []);
    bind(tokens.clock).toConstantValue(foundation.clock);
    bind(tokens.overload).toConstantValue(
      foundation.overload ??
        loadMonitor(() => foundation.configSource.current().shadows.maxWaitShare),
    );
    bind(tokens.log).toConstantValue(foundation.log);
    bind(tokens.pluginActivity).toConstantValue(foundation.activity ?? UNWATCHED);
    bind(tokens.packagePaths).toConstantValue(paths);
    bind(tokens.pluginHome).toConstantValue({
      builtInDirectory: foundation.pluginDirectory ?? paths.pluginDirectory,
      packagesFrom: foundation.packagesFrom,
    });
    bind(tokens.pluginIsolation).toConstantValue(
      isolatedPlugins(paths.pluginScript, paths.protoDirectory),
    );
    bind(tokens.metrics).toConstantValue(new PromMetrics());
    bind(tokens.random).toConstantValue(seededRandom);
    const { openExperimentStores: openStores, log } = foundation;
    const onBroken = (err: Error) => log.warn('a connection of experiments broke', { err });
    bind(tokens.openExperimentStores).toConstantValue(
      openStores === undefined
        ? experimentStores(process.env, { onBroken, script: paths.databaseScript })
        : openStores,
    );
    bind(tokens.journalFiles).toConstantValue(foundation.journalFiles ?? nodeJournalFiles);
    bind(tokens.recordingFiles).toConstantValue(foundation.recordingFiles ?? nodeAppendFiles);
  });
}

export function createContainer(foundation: Foundation): Container {
  const container = new Container();
  const modules = [inferenceModule, experimentsModule, hostModule, storageModule, serverModule];
  container.load(foundationModule(foundation), ...modules);
  return container;
}
