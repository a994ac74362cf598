import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { cutText } from '../domain/cut-text.js';
import { describeThrown, HostError } from '../domain/errors/host-error.js';
import type { HostConfig, RoleConfig } from '../domain/host-config.js';
import { ROLES, type Role, type z } from '../plugin-sdk/index.js';
import { accessOf, accessProblems, keySetProblems } from './access/access-schema.js';
import { namedTokens, tokenProblems } from './access/operator-tokens.js';
import { checkConfigFile, decodeConfigText } from './config-text.js';
import { defineExperiment } from './experiments/define-experiment.js';
import { presentKeys } from './former-keys.js';
import { certificateProblems, listenerProblems, securityOf } from './listeners.js';
import { isSwitchedOn, toRoleConfig } from './read-role.js';
import { configSchema, type RawConfig } from './schema/config-schema.js';
import { isolationOf } from './schema/isolation-schema.js';
import { remoteOf, versionPolicyOf } from './schema/models-schema.js';
import { journalsOf, storageUrl } from './stores.js';
import {
  type ConfigFault,
  formatPath,
  type Path,
  parseYaml,
  type YamlDocument,
} from './yaml-document.js';

/** A valid configuration with the file it came from. */
export interface LoadedConfig {
  readonly file: string;
  readonly config: HostConfig;
  /** In the words of the file, defaults filled in. */
  readonly raw: RawConfig;
  /** What is taken and should be written otherwise, one line each with file, line and path. */
  readonly notices: readonly string[];
  /** For faults found later, such as a plugin's settings. */
  lineOf(path: Path): number;
}

/** Keys and values stand in it as they were written, and may be as long as the file. */
const LONGEST_PART = 600;

export function formatFault(file: string, fault: ConfigFault): string {
  const path = fault.path === '' ? '' : `${cutText(fault.path, LONGEST_PART)} `;
  return `${file}:${fault.line}: ${path}${cutText(fault.problem, LONGEST_PART)}`;
}

/** Nobody reads more of them at once, and each costs a search for its line. */
const MAX_FAULTS = 50;

function refuse(file: string, faults: readonly ConfigFault[], count = faults.length): never {
  const ordered = [...faults].sort((a, b) => a.line - b.line).slice(0, MAX_FAULTS);
  const left = count - ordered.length;
  throw new HostError('config-invalid', {
    count,
    faults: [
      ...ordered.map((fault) => formatFault(file, fault)),
      ...(left > 0 ? [`and ${left} more`] : []),
    ].join('\n'),
  });
}

interface Problem {
  readonly path: Path;
  readonly problem: string;
}

function refuseAt(file: string, problems: readonly Problem[], document: YamlDocument): never {
  const faults = problems.slice(0, MAX_FAULTS).map(({ path, problem }) => ({
    line: document.lineOf(path),
    path: formatPath(path),
    problem,
  }));
  refuse(file, faults, problems.length);
}

/** Reads and checks a configuration file. @throws HostError `config-invalid` with every fault, its line and path. */
export function readConfig(file: string, generation = 1): LoadedConfig {
  let text: string;
  try {
    checkConfigFile(file, statSync(file));
    text = decodeConfigText(file, readFileSync(file));
  } catch (thrown) {
    if (HostError.is(thrown)) throw thrown;
    return refuse(file, [
      { line: 1, path: '', problem: `cannot be read: ${describeThrown(thrown)}` },
    ]);
  }
  return parseConfig(text, file, generation);
}

export function parseConfig(text: string, file: string, generation = 1): LoadedConfig {
  const document = parseYaml(text);
  if (document.faults.length > 0) refuse(file, document.faults);
  const present = presentKeys(document.value ?? {});
  if (present.faults.length > 0) refuseAt(file, present.faults, document);
  const parsed = configSchema.safeParse(present.value);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(problemsOf).map(({ path, problem }) => ({
      path: present.asWritten(path),
      problem,
    }));
    refuseAt(file, problems, document);
  }
  const idle = armsOfRolesOff(parsed.data);
  if (idle.length > 0) {
    const problem = 'is of a role that `optimization` switches off';
    refuseAt(
      file,
      idle.map((path) => ({ path, problem })),
      document,
    );
  }
  const config = toHostConfig(parsed.data, file, generation);
  const listening = [...listenerProblems(parsed.data), ...accessProblems(config)];
  if (listening.length > 0) refuseAt(file, listening, document);
  return {
    file,
    config: deepFreeze(config),
    raw: parsed.data,
    notices: present.notices.map(({ path, problem }) =>
      formatFault(file, { line: document.lineOf(path), path: formatPath(path), problem }),
    ),
    lineOf: (path) => document.lineOf(present.asWritten(path)),
  };
}

/**
 * That the files of certificates and tokens which a configuration names can be used at that time. Apart from reading, because a configuration
 * may be compared where those files are not.
 * @param nowMs Milliseconds since 1970.
 * @throws HostError `config-invalid` with every fault, its line and path.
 */
export async function checkSecretFiles(loaded: LoadedConfig, nowMs: number): Promise<void> {
  const { security, operatorTokens, access } = loaded.config;
  const problems = [
    ...(await certificateProblems(security, nowMs)),
    ...tokenProblems(operatorTokens),
    ...keySetProblems(access),
  ];
  if (problems.length === 0) return;
  const faults = problems.map(({ path, problem }) => ({
    line: loaded.lineOf(path),
    path: formatPath(path),
    problem,
  }));
  refuse(loaded.file, faults);
}

function problemsOf(issue: z.core.$ZodIssue): readonly Problem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code !== 'unrecognized_keys') return [{ path, problem: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], problem: 'is not a known key' }));
}

function toHostConfig(raw: RawConfig, file: string, generation: number): HostConfig {
  const folder = dirname(resolve(file));
  const { server, sigma, optimization, envelope, breaker, recording } = raw;
  const { levels, adjustment_range: range } = sigma.pyramid;
  return {
    generation,
    server: {
      address: server.address,
      maxMessageBytes: server.max_message_bytes,
      maxVolumeBytes: server.max_volume_bytes,
      maxBeamlets: server.max_beamlets,
      maxStructures: server.max_structures,
      maxSessions: server.max_sessions,
      maxSessionsPerClient: server.max_sessions_per_client,
      sessionIdleMs: server.session_idle_ms,
      sessionMaxAgeMs: server.session_max_age_ms,
      resumeTtlMs: server.resume_ttl_ms,
      drainMs: server.drain_ms,
      firstMessageMs: server.first_message_ms,
      failedSelfChecks: server.failed_self_checks,
      keepaliveMs: server.keepalive_ms,
      watchdogMs: server.watchdog_ms,
      historyIterations: server.history_iterations,
    },
    operatorAddress: raw.operator.address,
    httpAddress: raw.http.address,
    security: securityOf(raw, file),
    operatorTokens: namedTokens(raw.operator.tokens, file),
    access: accessOf(raw.access, file),
    history: {
      directory: resolve(folder, raw.operator.history ?? `${basename(file)}.history`),
      texts: raw.operator.history_texts,
    },
    plugins: {
      directories: raw.plugins.directories.map((directory) => resolve(folder, directory)),
      packages: raw.plugins.packages,
      loadTimeoutMs: raw.plugins.load_timeout_ms,
      isolation: isolationOf(raw.plugins.isolation, (path) => resolve(folder, path)),
    },
    models: {
      directory: raw.models.directory && resolve(folder, raw.models.directory),
      labels: raw.models.labels,
      remote: Object.fromEntries(
        Object.entries(raw.models.remote).map(([id, target]) => [
          id,
          remoteOf(target, (path) => resolve(folder, path)),
        ]),
      ),
      versionPolicies: Object.fromEntries(
        Object.entries(raw.models.version_policy).map(([id, policy]) => [
          id,
          versionPolicyOf(policy),
        ]),
      ),
      maxMemoryMb: raw.models.max_memory_mb,
      inlineBelowMs: raw.models.inline_below_ms,
      maxBatchSize: raw.models.max_batch_size,
      workerThreads: raw.models.worker_threads,
      queueLimit: raw.models.queue_limit,
    },
    roles: Object.fromEntries(ROLES.map((role) => [role, toRoleConfig(role, raw)])) as Record<
      Role,
      RoleConfig
    >,
    envelope: {
      histogramSigma: {
        minGy: sigma.histogram.min,
        maxGy: sigma.histogram.max,
        defaultGy: sigma.histogram.default,
      },
      pyramidSigma: {
        minGy: Math.min(...levels) * (1 - range),
        maxGy: Math.max(...levels) * (1 + range),
      },
      maxStageIterations: optimization.max_iterations_amortized,
      stopGain: optimization.convergence_threshold,
      stopMinimumIterations: envelope.stop_minimum_iterations,
      stopPatience: envelope.stop_patience,
      descentCosine: envelope.descent_cosine,
    },
    breaker: {
      planFailures: breaker.plan_failures,
      hostFailures: breaker.host_failures,
      windowMs: breaker.window_ms,
      coolDownMs: breaker.cool_down_ms,
    },
    recording: {
      enabled: recording.enabled,
      directory: resolve(folder, recording.directory),
      tensors: recording.tensors,
      everyN: recording.every_n,
      maxSessionBytes: recording.max_session_bytes,
      maxTotalBytes: recording.max_total_bytes,
      maxBufferBytes: recording.max_buffer_bytes,
      keepJournal: recording.keep_journal,
    },
    openInference: { enabled: raw.open_inference.enabled },
    journals: journalsOf(raw.journals, server.session_max_age_ms, folder),
    shadows: { maxWaitShare: raw.shadows.max_wait_share },
    storage: {
      url: storageUrl(raw.storage.url, folder),
      deadlineMs: raw.storage.deadline_ms,
      analyseEveryMs: raw.storage.analyse_every_ms,
    },
    experiments: raw.experiments.map(defineExperiment),
    tracing: { endpoint: raw.tracing.endpoint, sampleEveryN: raw.tracing.sample_every_n },
    logging: raw.logging,
  };
}

/** Overrides that would switch a role on that the seed's switches have off. */
function armsOfRolesOff({ experiments, optimization }: RawConfig): readonly Path[] {
  return experiments.flatMap(({ arms, state }, index) =>
    arms.flatMap(({ roles }, arm) =>
      ROLES.filter(
        (role) => state === 'running' && roles[role] && !isSwitchedOn(role, optimization),
      ).map((role): Path => ['experiments', index, 'arms', arm, 'roles', role]),
    ),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
