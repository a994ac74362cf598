import { ROLES, type Role } from '../../plugin-sdk/index.js';
import type { Experiment } from '../experiments/experiments.js';
import type {
  HostConfig,
  IsolationConfig,
  ModelsConfig,
  RoleConfig,
  ServerConfig,
} from '../host-config.js';
import { RECORDABLE_TENSORS } from '../session/recording.js';

export interface TestConfigOptions {
  readonly roles?: Partial<Record<Role, Partial<RoleConfig>>>;
  readonly directories?: readonly string[];
  readonly isolation?: Partial<IsolationConfig>;
  readonly server?: Partial<ServerConfig>;
  readonly operatorTokens?: HostConfig['operatorTokens'];
  readonly access?: Partial<HostConfig['access']>;
  readonly security?: Partial<HostConfig['security']>;
  readonly breaker?: Partial<HostConfig['breaker']>;
  readonly recording?: Partial<HostConfig['recording']>;
  readonly journals?: Partial<HostConfig['journals']>;
  readonly openInference?: HostConfig['openInference'];
  readonly envelope?: Partial<HostConfig['envelope']>;
  readonly models?: Partial<ModelsConfig>;
  readonly storage?: Partial<HostConfig['storage']>;
  readonly experiments?: readonly Experiment[];
}

const PLAIN = { tls: undefined, isInsecureMeant: false };

/** Everything in the process of the test, unless it is about another. */
function testIsolation(isolation: Partial<IsolationConfig> = {}): IsolationConfig {
  return {
    default: 'inline',
    inline: [],
    process: [],
    memoryMb: 2048,
    hangMs: 10_000,
    python: 'python3',
    ...isolation,
  };
}

/** No models but those a test names. */
export function testModels(models: Partial<ModelsConfig> = {}): ModelsConfig {
  return {
    directory: 'no-models-here',
    labels: {},
    versionPolicies: {},
    remote: {},
    maxMemoryMb: 64,
    inlineBelowMs: 0.5,
    maxBatchSize: 8,
    workerThreads: 1,
    queueLimit: 16,
    ...models,
  };
}

/** A configuration on free ports, everything off but what a test is about. */
export function testConfig(options: TestConfigOptions = {}): HostConfig {
  const roles = Object.fromEntries(
    ROLES.map((role): [Role, RoleConfig] => [
      role,
      {
        plugin: 'off',
        settings: {},
        deadlineMs: 50,
        onFailure: 'default',
        bySolver: {},
        ...options.roles?.[role],
      },
    ]),
  ) as Record<Role, RoleConfig>;
  return {
    generation: 1,
    server: {
      address: '127.0.0.1:0',
      maxMessageBytes: 2 ** 20,
      maxVolumeBytes: 2 ** 20,
      maxBeamlets: 1000,
      maxStructures: 8,
      maxSessions: 8,
      maxSessionsPerClient: 8,
      sessionIdleMs: 10_000,
      sessionMaxAgeMs: 100_000,
      resumeTtlMs: 1000,
      drainMs: 1000,
      firstMessageMs: 5000,
      failedSelfChecks: 'refuse',
      keepaliveMs: 30_000,
      watchdogMs: 0,
      historyIterations: 64,
      ...options.server,
    },
    operatorAddress: '127.0.0.1:0',
    httpAddress: '127.0.0.1:0',
    operatorTokens: options.operatorTokens ?? [],
    access: {
      reads: 'open',
      plans: 'open',
      certificates: [],
      jwt: undefined,
      ...options.access,
    },
    security: { server: PLAIN, operator: PLAIN, http: PLAIN, ...options.security },
    history: { directory: 'no-history-here', texts: 20 },
    plugins: {
      directories: options.directories ?? [],
      packages: [],
      loadTimeoutMs: 5000,
      isolation: testIsolation(options.isolation),
    },
    models: testModels(options.models),
    roles,
    envelope: {
      histogramSigma: { minGy: 0.5, maxGy: 40, defaultGy: undefined },
      pyramidSigma: { minGy: 1, maxGy: 50 },
      maxStageIterations: 100,
      stopGain: 1e-3,
      stopMinimumIterations: 5,
      stopPatience: 1,
      descentCosine: 1e-4,
      ...options.envelope,
    },
    breaker: {
      planFailures: 3,
      hostFailures: 10,
      windowMs: 60_000,
      coolDownMs: 30_000,
      ...options.breaker,
    },
    recording: {
      enabled: false,
      directory: 'no-recordings-here',
      tensors: RECORDABLE_TENSORS,
      everyN: 1,
      maxSessionBytes: 2 ** 20,
      maxTotalBytes: 2 ** 24,
      maxBufferBytes: 2 ** 20,
      keepJournal: true,
      ...options.recording,
    },
    openInference: options.openInference ?? { enabled: false },
    journals: {
      enabled: false,
      directory: 'no-journals-here',
      keepDays: 1,
      maxTotalBytes: 2 ** 24,
      openAtMostMs: 100_000,
      ...options.journals,
    },
    shadows: { maxWaitShare: 0.05 },
    storage: {
      url: 'file:///no-database-here/experiments.db',
      deadlineMs: 5000,
      analyseEveryMs: 60_000,
      ...options.storage,
    },
    experiments: options.experiments ?? [],
    tracing: { endpoint: undefined, sampleEveryN: 100 },
    logging: { level: 'warn' },
  };
}
