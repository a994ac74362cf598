import type { Clock } from '../domain/clock.js';
import type { ExperimentControl } from '../domain/experiments/experiment-control.js';
import type { ExperimentReader } from '../domain/experiments/experiment-reader.js';
import type { OpenExperimentStores } from '../domain/experiments/plan-experiments.js';
import type { ConfigSource } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { AccessGuard } from '../domain/operations/access.js';
import type { ModelServer } from '../domain/operations/model-server.js';
import type { ConfigControl, StopStore } from '../domain/operations/operations.js';
import type { PluginActivity } from '../domain/operations/plugin-activity.js';
import type { Advisor } from '../domain/session/advisor.js';
import type { SessionObserverFactory } from '../domain/session/session-observer.js';
import type { Overload } from '../domain/shadow/shadow-outcome.js';
import type { LiveExperiments } from '../experiments/live-experiments.js';
import type { Promotions } from '../experiments/promotions.js';
import type { Activation } from '../host/activation.js';
import type { IsolationServices } from '../host/isolation/load-isolated.js';
import type { KillSwitch } from '../host/kill-switch.js';
import type { PluginHome, PluginHost } from '../host/plugins/plugin-host.js';
import type { AdvisorService } from '../host/sessions/advisor-service.js';
import type { OperatorHttp } from '../http/http-server.js';
import type { LiveBoard } from '../http/live/live-board.js';
import type { ModelRepository } from '../inference/model-repository.js';
import type { PromMetrics } from '../observability/prometheus/metrics.js';
import type { RandomSource } from '../plugin-sdk/index.js';
import type { ShadowArms } from '../shadow/shadow-arms.js';
import type { JournalFiles } from '../storage/journals/journal-files.js';
import type { JournalStore } from '../storage/journals/journal-store.js';
import type { AppendFiles } from '../storage/recordings/journal/recording-log.js';
import type { TrajectoryStore } from '../storage/recordings/trajectory-store.js';
import type { AllCertificates } from '../system/tls/listener-certificates.js';
import type { GrpcHost } from '../transport/grpc-host.js';
import type { OperatorDependencies } from '../transport/operator/operator-service.js';
import type { PackagePaths } from './package-paths.js';
import { token } from './token.js';

/** Everything the container holds. Singletons; nothing here awaits or can fail to start. */
export const tokens = {
  activation: token<Activation>('activation'),
  killSwitch: token<KillSwitch>('killSwitch'),
  advisor: token<Advisor>('advisor'),
  observerFactories: token<readonly SessionObserverFactory[]>('observerFactories'),
  advisorService: token<AdvisorService>('advisorService'),
  certificates: token<AllCertificates>('certificates'),
  clock: token<Clock>('clock'),
  configControl: token<ConfigControl>('configControl'),
  configSource: token<ConfigSource>('configSource'),
  experimentControl: token<ExperimentControl>('experimentControl'),
  experimentReader: token<ExperimentReader>('experimentReader'),
  experiments: token<LiveExperiments>('experiments'),
  grpcHost: token<GrpcHost>('grpcHost'),
  journalFiles: token<JournalFiles>('journalFiles'),
  journals: token<JournalStore>('journals'),
  liveBoard: token<LiveBoard>('liveBoard'),
  log: token<Log>('log'),
  metrics: token<PromMetrics>('metrics'),
  modelRepository: token<ModelRepository>('modelRepository'),
  modelServer: token<ModelServer>('modelServer'),
  operatorAccess: token<AccessGuard>('operatorAccess'),
  pageAccess: token<AccessGuard>('pageAccess'),
  operatorHttp: token<OperatorHttp>('operatorHttp'),
  operators: token<OperatorDependencies>('operators'),
  packagePaths: token<PackagePaths>('packagePaths'),
  pluginActivity: token<PluginActivity>('pluginActivity'),
  pluginHome: token<PluginHome>('pluginHome'),
  pluginIsolation: token<IsolationServices>('pluginIsolation'),
  pluginHost: token<PluginHost>('pluginHost'),
  promotions: token<Promotions>('promotions'),
  random: token<RandomSource>('random'),
  recordingFiles: token<AppendFiles>('recordingFiles'),
  shadows: token<ShadowArms>('shadows'),
  overload: token<() => Overload | undefined>('overload'),
  stopStore: token<StopStore>('stopStore'),
  openExperimentStores: token<OpenExperimentStores | null>('openExperimentStores'),
  trajectoryStore: token<TrajectoryStore>('trajectoryStore'),
} as const;
