// What is tried: the plans' options, the experiments, and the host's configuration around them.
import { stringify } from 'yaml';

/** The weak model's version, as python/config/weak-start.yaml says; 1 is the one that comes with the host. */
export const OLD_MODEL = 'warm-start@0.1';
export const NEW_MODEL = 'warm-start@1';

/**
 * How plans are made, by either arm. The safeguard adds the descent without advice to that with it, and a prepared start has
 * most of the difference between two starts taken out: both hide what is compared here. And a plan ends when five iterations
 * gain less than 0.1 % each: the shipped tolerance spends most calls long after the start is forgotten.
 */
export const START_OPTIONS = ['--no-safeguard', '--preparation=0', '--stages=0:2.5:0:1e-3'];
/** The same with the optimizer's own preparation, for the direct comparison only. */
export const PREPARED_OPTIONS = ['--no-safeguard', '--stages=0:2.5:0:1e-3'];

const objective = { metric: 'reference_objective' };
/** What tells phantoms apart before any advice. */
const adjust = { features: ['beamlets', 'structures', 'targets', 'prescribed_gy'] };

export const STARTS = {
  id: 'starts',
  unit: 'plan',
  layer: { name: 'starts' },
  arms: [
    { id: 'old', weight: 1, roles: { initialization: { model: OLD_MODEL } } },
    { id: 'new', weight: 1, roles: { initialization: { model: NEW_MODEL } } },
  ],
  control: 'old',
  primary: { metric: 'call_equivalents', direction: 'lower' },
  non_inferiority: [{ ...objective, margin: 0.01 }],
  guardrails: [{ ...objective, margin: 0.1 }],
  adjust,
  planned_plans: 200,
  // All plans are wanted, also after the decision.
  stop: { when_decided: false },
} as const;

/** Four times the kernels of every structure: a plan that does not see what it is judged by. */
export const SIGMAS = {
  id: 'sigmas',
  unit: 'plan',
  layer: { name: 'sigmas' },
  arms: [
    { id: 'as-configured', weight: 1 },
    {
      id: 'blurred',
      weight: 1,
      roles: {
        'histogram-sigma': {
          plugin: 'structure-rules',
          settings: {
            reference_volume_cc: 1e6,
            volume_exponent: 1,
            largest_factor: 4,
            gradient_exponent: 0,
            sphericity_exponent: 0,
          },
        },
      },
    },
  ],
  control: 'as-configured',
  primary: { metric: 'call_equivalents', direction: 'lower' },
  guardrails: [{ ...objective, margin: 0.1 }],
  adjust,
  planned_plans: 50,
} as const;

export type TrialExperiment = typeof STARTS | typeof SIGMAS;

export interface HostWanted {
  /** HOST:PORT; port 0 takes a free one. */
  readonly address: string;
  readonly models: string;
  readonly storage: string;
  readonly experiments: readonly (TrialExperiment & { readonly state?: 'ended' })[];
}

/** Answers are not late on a busy machine: this is about what is counted, not how fast it was. */
const PATIENT = { deadline_ms: 10_000 };

export function hostText({ address, models, storage, experiments }: HostWanted): string {
  return stringify({
    version: 1,
    // A killed optimizer does not come back to its session, and its loss is to be known soon.
    server: { address, resume_ttl_ms: 500, drain_ms: 500 },
    operator: { address: '127.0.0.1:0' },
    http: { address: '127.0.0.1:0' },
    plugins: { load_timeout_ms: 300_000 },
    models: { directory: models },
    storage: { url: storage, deadline_ms: 5000, analyse_every_ms: 1000 },
    roles: {
      initialization: { plugin: 'warm-start', settings: { model: OLD_MODEL }, ...PATIENT },
      'histogram-sigma': { plugin: 'off', ...PATIENT },
    },
    experiments,
  });
}
