import type { Quality, Role, Solver } from '../plugin-sdk/index.js';
import type { Experiment } from './experiments/experiments.js';
import type { RemoteTarget } from './open-inference/remote.js';
import type { AccessRole } from './operations/access.js';
import type { Listener, ListenerSecurity } from './operations/certificates.js';
import type { RecordingConfig } from './session/recording.js';

/**
 * What a role does when its plugin fails: leave the value out and ask again next time; repeat the last value if it still
 * passes the envelope; or leave the role off for the rest of the plan.
 */
export type FailurePolicy = 'default' | 'hold_last' | 'none';

/** A role as plans of one solver are served. */
export interface ServedRole {
  /** Plugin id, or `off`. */
  readonly plugin: string;
  /** As written; the plugin's own schema gives them meaning. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly deadlineMs: number;
  readonly onFailure: FailurePolicy;
  /** Plans of these qualities only; undefined: of all. */
  readonly qualities?: readonly Quality[] | undefined;
}

export interface RoleConfig extends ServedRole {
  /** In place of it, for plans of these solvers. */
  readonly bySolver: Readonly<Partial<Record<Solver, ServedRole>>>;
}

/** A secret that stands for somebody. */
export interface NamedToken {
  readonly name: string;
  /** Absolute; holds the token alone. */
  readonly file: string;
  readonly roles: readonly AccessRole[];
}

/** Tokens that an identity provider signs. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  /** Absolute; public keys as JWKS. */
  readonly jwks: string;
  /** Dots lead inside. */
  readonly rolesClaim: string;
  readonly clockSkewS: number;
  /** Since a token was issued. */
  readonly maxAgeS: number;
}

/** Who may do what, in addition to the operators' tokens. */
export interface AccessConfig {
  readonly reads: 'open' | 'viewer';
  readonly plans: 'open' | 'optimizer';
  /** `match`: such as `CN:physics-*`. */
  readonly certificates: readonly {
    readonly match: string;
    readonly roles: readonly AccessRole[];
  }[];
  /** Undefined: none count. */
  readonly jwt: JwtConfig | undefined;
}

export interface ServerConfig {
  /** host:port; port 0 takes a free one. */
  readonly address: string;
  readonly maxMessageBytes: number;
  readonly maxVolumeBytes: number;
  readonly maxBeamlets: number;
  readonly maxStructures: number;
  readonly maxSessions: number;
  readonly maxSessionsPerClient: number;
  readonly sessionIdleMs: number;
  readonly sessionMaxAgeMs: number;
  readonly resumeTtlMs: number;
  readonly drainMs: number;
  /** Until a stream has said what plan it is of. */
  readonly firstMessageMs: number;
  /** What becomes of plans whose client says that its own check of them failed. */
  readonly failedSelfChecks: 'refuse' | 'warn';
  readonly keepaliveMs: number;
  /** How long the serving thread may hang; 0: for ever. */
  readonly watchdogMs: number;
  /** Iterations a session view keeps per stage. */
  readonly historyIterations: number;
}

/** Bounds that advice must keep, whoever gives it. */
export interface EnvelopeConfig {
  readonly histogramSigma: {
    readonly minGy: number;
    readonly maxGy: number;
    /** For structures a plugin leaves out; undefined leaves them to the optimizer. */
    readonly defaultGy: number | undefined;
  };
  readonly pyramidSigma: { readonly minGy: number; readonly maxGy: number };
  /** Longest stage a schedule may have, the last one excepted. */
  readonly maxStageIterations: number;
  /** Greatest relative gain of the last iteration at which a stop is passed on. */
  readonly stopGain: number;
  /** Iterations of a stage before a stop is passed on. */
  readonly stopMinimumIterations: number;
  /** Consecutive stops before one is passed on. */
  readonly stopPatience: number;
  /** A direction d must have -g.d >= this times |g||d|. */
  readonly descentCosine: number;
}

export interface BreakerConfig {
  readonly planFailures: number;
  readonly hostFailures: number;
  readonly windowMs: number;
  readonly coolDownMs: number;
}

/** Where the code of a plugin runs: in the thread that serves, or in a process of its own. */
export type Isolation = 'inline' | 'process';

export interface IsolationConfig {
  /** Of plugins that do not come with the host. */
  readonly default: Isolation;
  /** Ids of plugins that run otherwise than the default, or than those that come with the host. */
  readonly inline: readonly string[];
  readonly process: readonly string[];
  /** Resident memory that a process may take. */
  readonly memoryMb: number;
  /** A process that answers nothing for so long hangs. */
  readonly hangMs: number;
  /** The interpreter of plugins in Python: a path, or a command. */
  readonly python: string;
}

/** Which versions of a model may serve. */
export type VersionPolicy =
  | { readonly kind: 'all' }
  | { readonly kind: 'latest'; readonly count: number }
  | { readonly kind: 'specific'; readonly versions: readonly string[] };

export interface ModelsConfig {
  /** Absolute; undefined = the models that come with the host. */
  readonly directory: string | undefined;
  /** Model id -> label -> version. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By model id; without one all versions may serve. */
  readonly versionPolicies: Readonly<Record<string, VersionPolicy>>;
  /** By model id: servers that answer in place of this machine. */
  readonly remote: Readonly<Record<string, RemoteTarget>>;
  readonly maxMemoryMb: number;
  /** A model whose golden cases take less runs on the thread that serves. */
  readonly inlineBelowMs: number;
  /** Questions answered by one call of the runtime. */
  readonly maxBatchSize: number;
  /** Models that may run at once beside the thread that serves. */
  readonly workerThreads: number;
  /** Questions that may wait, for all worker threads together and for each inline model. */
  readonly queueLimit: number;
}

/** Where the decisions of plans are written down, and for how long. */
export interface JournalsConfig {
  readonly enabled: boolean;
  /** Absolute. Several hosts may share it. */
  readonly directory: string;
  /** Journals that were last written so many days ago are removed. */
  readonly keepDays: number;
  /** Of the whole directory; beyond it the oldest journals of plans that have ended are removed. */
  readonly maxTotalBytes: number;
  /** A journal that nobody wrote to for so long is of no open plan, whoever's it is. */
  readonly openAtMostMs: number;
}

/** Where experiments are kept. */
export interface StorageConfig {
  /** `file:///PATH` or `postgres://...`, without a password. */
  readonly url: string;
  /** A plan waits this long for its arms. */
  readonly deadlineMs: number;
  /** Running experiments are looked at this often, when plans have ended. */
  readonly analyseEveryMs: number;
}

/** Where traces go. */
export interface TracingConfig {
  /** OTLP over HTTP; undefined = no traces. */
  readonly endpoint: string | undefined;
  /** Every n-th iteration of a plan gets a span of its own, the first included. */
  readonly sampleEveryN: number;
}

/** One valid configuration. Frozen; `generation` counts them. */
export interface HostConfig {
  readonly generation: number;
  readonly server: ServerConfig;
  readonly operatorAddress: string;
  readonly httpAddress: string;
  /** Operators' tokens that have a name, in files. */
  readonly operatorTokens: readonly NamedToken[];
  readonly access: AccessConfig;
  readonly security: Readonly<Record<Listener, ListenerSecurity>>;
  readonly history: {
    /** Absolute. Earlier generations, audit log, kill switch. */
    readonly directory: string;
    /** Texts that are kept. */
    readonly texts: number;
  };
  readonly plugins: {
    /** Absolute. */
    readonly directories: readonly string[];
    /** npm package names, found from the configuration's folder. */
    readonly packages: readonly string[];
    readonly loadTimeoutMs: number;
    readonly isolation: IsolationConfig;
  };
  readonly models: ModelsConfig;
  readonly roles: Readonly<Record<Role, RoleConfig>>;
  readonly envelope: EnvelopeConfig;
  readonly breaker: BreakerConfig;
  readonly recording: RecordingConfig;
  /** Whether stock clients may ask the models. */
  readonly openInference: { readonly enabled: boolean };
  readonly journals: JournalsConfig;
  readonly shadows: {
    /** Share of the time, 0 to 1, that the thread that serves may wait for a processor before shadow arms shed load. */
    readonly maxWaitShare: number;
  };
  readonly storage: StorageConfig;
  /** Ended ones included. */
  readonly experiments: readonly Experiment[];
  readonly tracing: TracingConfig;
  readonly logging: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
}

/** Where configurations come from. */
export interface ConfigSource {
  current(): HostConfig;
}
