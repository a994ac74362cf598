import { RECORDABLE_TENSORS } from '../../domain/session/recording.js';
import { z } from '../../plugin-sdk/index.js';
import { accessSchema } from '../access/access-schema.js';
import { tokensSchema } from '../access/operator-tokens.js';
import { experimentsSchema } from '../experiments/experiment-schema.js';
import { journalsSchema } from '../stores.js';
import { address, count, durationMs, MAX_TIMER_MS, positive, section } from './config-values.js';
import { isolationSchema } from './isolation-schema.js';
import { listenerSecurity } from './listener-schema.js';
import { modelsSchema } from './models-schema.js';
import { roles } from './role-schema.js';

function checkStorageUrl(url: string, context: z.RefinementCtx): void {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1];
  if (scheme === undefined) return;
  if (!['file', 'postgres', 'postgresql'].includes(scheme) || !URL.canParse(url)) {
    refuse('must be the path of a file, or such as "postgres://dh@db.example/dh_advisor"');
  } else if (new URL(url).password !== '') {
    refuse('must not hold a password: it comes from DH_ADVISOR_STORAGE_PASSWORD');
  }
}

/** The file as written, in its own words. Every unknown key is a fault. */
export const configSchema = z.strictObject({
  version: z.literal(1).describe('Format of this file.'),
  server: section({
    address: address
      .default('127.0.0.1:50151')
      .describe('Where optimizers call. Port 0: a free one.'),
    ...listenerSecurity,
    max_message_bytes: count.default(32 * 2 ** 20).describe('One message, either way.'),
    max_volume_bytes: count.default(256 * 2 ** 20).describe('One volume, all chunks together.'),
    max_beamlets: count.default(100_000).describe('Beamlets of one level.'),
    max_structures: count.default(64).describe('Structures of one plan.'),
    max_sessions: count.default(64).describe('Open plans, those waiting for a resume included.'),
    max_sessions_per_client: count.default(32).describe('The same for one calling address.'),
    session_idle_ms: durationMs.default(600_000).describe('A silent session is closed after this.'),
    session_max_age_ms: durationMs
      .default(86_400_000)
      .describe('Even a busy session is closed after this.'),
    resume_ttl_ms: durationMs
      .default(120_000)
      .describe('A broken session can be resumed for this long.'),
    drain_ms: durationMs.default(10_000).describe('Grace for open plans when the host goes away.'),
    first_message_ms: durationMs
      .default(10_000)
      .describe('A stream that does not say what plan it is of is closed after this.'),
    failed_self_checks: z
      .enum(['refuse', 'warn'])
      .default('refuse')
      .describe(
        'Plans of clients whose own check of their gradient or geometry failed: refused, or served with a line in the log.',
      ),
    keepalive_ms: durationMs
      .default(30_000)
      .describe('A silent connection is asked after this whether anybody is there.'),
    watchdog_ms: z
      .int()
      .min(0)
      .max(MAX_TIMER_MS)
      // A look at the thread costs a wake-up, and a busy machine stands still for some milliseconds.
      .refine((ms) => ms === 0 || ms >= 100, 'must be 0, or at least 100')
      .default(10_000)
      .describe(
        'The process ends, naming the plugin, when the serving thread hangs for this long. 0: never.',
      ),
    history_iterations: count
      .min(16)
      .default(2048)
      .describe('Iterations kept per stage for plugins.'),
  }),
  operator: section({
    address: address
      .default('127.0.0.1:50152')
      .describe(
        'OperatorService. Changes need the token of DH_ADVISOR_OPERATOR_TOKEN where it is set; elsewhere than on loopback it must be.',
      ),
    ...listenerSecurity,
    tokens: tokensSchema,
    history: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Folder of earlier generations, audit log and kill switch, relative to this file; of this host alone. Absent: this file's name with `.history`.",
      ),
    history_texts: count.default(200).describe('Texts of generations that are kept.'),
  }),
  access: accessSchema,
  http: section({
    address: address
      .default('127.0.0.1:9464')
      .describe(
        "The operators' page at /, figures for Prometheus at /metrics, probes at /healthz and /readyz.",
      ),
    ...listenerSecurity,
  }),
  logging: section({
    level: z
      .enum(['debug', 'info', 'warn', 'error'])
      .default('info')
      .describe('Least level logged.'),
  }),
  tracing: section({
    endpoint: z
      .url({
        protocol: /^https?$/,
        error: 'must be a URL, such as "http://127.0.0.1:4318/v1/traces"',
      })
      .optional()
      .describe('OpenTelemetry traces go here, as OTLP over HTTP; absent: none are made.'),
    sample_every_n: count
      .default(100)
      .describe('Every n-th iteration of a plan gets a span of its own, the first included.'),
  }),
  plugins: section({
    directories: z
      .array(z.string().min(1))
      .default([])
      .describe('Folders whose subfolders are plugins, relative to this file.'),
    packages: z.array(z.string().min(1)).default([]).describe('npm packages that are plugins.'),
    load_timeout_ms: durationMs.default(30_000).describe('A plugin that starts slower is refused.'),
    isolation: isolationSchema,
  }),
  models: modelsSchema,
  sigma: section({
    histogram: section({
      min: positive.default(0.5).describe('Gy.'),
      max: positive.default(40).describe('Gy.'),
      default: positive
        .optional()
        .describe('Gy, for structures a plugin leaves out; absent: the optimizer keeps its own.'),
    }).refine((sigma) => sigma.min <= sigma.max, { path: ['min'], error: 'must not be above max' }),
    pyramid: section({
      levels: z
        .array(positive)
        .min(1)
        .default([40, 16, 6.5, 2.5])
        .describe('Base sigmas from coarse to fine, Gy.'),
      adjustment_range: z
        .number()
        .min(0)
        .max(1)
        .default(0.3)
        .describe('A schedule may leave the range of the base sigmas by this fraction.'),
    }),
  }),
  optimization: section({
    use_warm_start: z.boolean().default(true).describe('False: initialization is off.'),
    use_predicted_sigma: z.boolean().default(true).describe('False: both sigma roles are off.'),
    use_predicted_variance: z.boolean().default(true).describe('False: adaptive-variance is off.'),
    max_iterations_amortized: count
      .default(100)
      .describe('Longest stage a schedule may have, the last one excepted.'),
    convergence_threshold: positive
      .default(1e-3)
      .describe('A stop is passed on only when the last iteration gained less than this fraction.'),
  }),
  envelope: section({
    stop_minimum_iterations: count.default(5).describe('Of a stage, before a stop is passed on.'),
    stop_patience: count.default(1).describe('Consecutive stops before one is passed on.'),
    descent_cosine: positive.max(1).default(1e-4).describe('-g.d >= this times |g||d|.'),
  }),
  breaker: section({
    plan_failures: count.default(3).describe('Failures that switch a role off for one plan.'),
    host_failures: count.default(10).describe('Failures that switch it off for all plans.'),
    window_ms: durationMs.default(60_000).describe('Failures older than this are forgotten.'),
    cool_down_ms: durationMs
      .default(30_000)
      .describe('Until one question is let through as a probe.'),
  }),
  recording: section({
    enabled: z
      .boolean()
      .default(false)
      .describe('True: sessions whose client agrees are recorded as trajectories.'),
    directory: z
      .string()
      .min(1)
      .default('trajectories')
      .describe('Where to, relative to this file; of this host alone.'),
    tensors: z
      .array(z.enum(RECORDABLE_TENSORS))
      .default(RECORDABLE_TENSORS.filter((kind) => kind !== 'path-density'))
      .describe('Vectors and per-beamlet features to record; optimizers are asked for them.'),
    every_n: count
      .default(1)
      .describe('Vectors are kept with every n-th iteration of a stage, scalars with each.'),
    max_session_bytes: count
      .default(268_435_456)
      .describe('A session that grows beyond is not recorded further.'),
    max_total_bytes: count
      .default(10_737_418_240)
      .describe('Of the whole directory; when full, new sessions are not recorded.'),
    max_buffer_bytes: count
      .default(33_554_432)
      .describe('Of one session, not yet written; a disk that falls behind ends the recording.'),
    keep_journal: z
      .boolean()
      .default(true)
      .describe(
        'True: what plugins saw and answered is kept bit for bit, so that `dh-advisor replay` can repeat the session.',
      ),
  }),
  journals: journalsSchema,
  open_inference: section({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        'True: the models answer clients of the Open Inference Protocol, too, at `server.address`; see docs/open-inference.md. Read at start.',
      ),
  }),
  shadows: section({
    max_wait_share: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe(
        'Shadow arms shed load when the thread that serves waits for a processor for more than this share of the time. 1: never for that.',
      ),
  }),
  storage: section({
    url: z
      .string()
      .min(1)
      .default('experiments.db')
      .superRefine(checkStorageUrl)
      .describe(
        'Database of experiments, opened when there are any: a file for hosts on this machine, relative to this file, or postgres://USER@HOST/NAME of several hosts; its password from DH_ADVISOR_STORAGE_PASSWORD.',
      ),
    deadline_ms: durationMs
      .default(250)
      .describe('A plan waits this long for its arms, then goes on as configured.'),
    analyse_every_ms: durationMs
      .default(60_000)
      .describe('Running experiments are analysed this often, when plans have ended.'),
  }),
  roles: section(roles),
  experiments: experimentsSchema
    .default([])
    .describe('Which predictor is better: see docs/experiments.md.'),
});

export type RawConfig = z.output<typeof configSchema>;
