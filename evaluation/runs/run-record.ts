// The line of runs.jsonl. `result` holds keys of docs/result-format.md under their own names; the rest is the evaluation's.

export interface Counts {
  readonly iterations: number;
  readonly value_calls: number;
  readonly gradient_calls: number;
  readonly call_equivalents: number;
  readonly objective_ms: number;
  readonly covariance_ms: number;
  readonly advice_ms: number;
  readonly total_ms: number;
}

export type StructureRole = 'target' | 'organ-at-risk' | 'normal-tissue';

export interface StructureMetrics {
  readonly name: string;
  readonly role: StructureRole;
  readonly prescribed_dose_gy: number | null;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface AdviceCounts {
  readonly was_asked: boolean;
  readonly status: string;
  readonly status_message: string;
  readonly bindings: readonly {
    readonly role: string;
    readonly plugin: string;
    readonly plugin_version: string;
    readonly model: string;
    readonly model_sha256: string;
  }[];
  readonly roles: readonly {
    readonly role: string;
    readonly received: number;
    readonly accepted: number;
    readonly refused: number;
    readonly verdicts: Readonly<Record<string, number>>;
  }[];
  readonly session?: {
    readonly questions: number;
    readonly answers: number;
    readonly late: number;
    readonly waited_ms: number;
    readonly outcomes: readonly {
      readonly role: string;
      readonly outcome: string;
      readonly count: number;
    }[];
    readonly hosted: readonly {
      readonly role: string;
      readonly host_ms: number;
      readonly highest_out_of_distribution_score: number;
    }[];
  };
}

/** After every iteration; `reference_objective` is F_ref of the plan at that moment. */
export interface Trace {
  readonly call_equivalents: readonly number[];
  readonly reference_objective: readonly (number | null)[];
  readonly elapsed_ms: readonly number[];
}

export interface KeptResult {
  readonly fidelity: 'exact' | 'shipped';
  /** dH's own F of shipped dH; null otherwise. */
  readonly own_objective: number | null;
  readonly voxel_weighted_calls: number;
  readonly cpu_ms: number;
  readonly reference_objective: number;
  readonly stop_reason: string;
  readonly read_ms: number;
  readonly build_ms: number;
  readonly beamlets: number;
  readonly total: Counts;
  readonly stages: readonly unknown[];
  readonly advice: AdviceCounts;
  readonly structures: readonly StructureMetrics[];
  readonly trace: Trace;
}

/** `counts`: with room for slow answers, several at a time. `timing`: one at a time, deadlines as configured. */
export type Pass = 'counts' | 'timing';

export interface RunKey {
  readonly pass: Pass;
  readonly arm: string;
  readonly case: string;
  readonly repeat: number;
}

export interface RunRecord extends RunKey {
  readonly format: 'evaluate-run';
  readonly version: 1;
  /** Of everything that can change the run: programs, configuration, models, options, case, start. */
  readonly fingerprint: string;
  readonly programs: Readonly<Record<string, string>>;
  readonly commandLine: readonly string[];
  /** Whole process: reading, making the problem, optimizing, writing. */
  readonly processMs: number;
  /** Of arms that start from another plan: the arm or the training cases it is of. */
  readonly start?: { readonly from: string; readonly of: string };
  readonly result: KeptResult;
}

export const keyOf = ({ pass, arm, case: id, repeat }: RunKey): string =>
  `${pass}/${arm}/${id}/${repeat}`;

/** Keeps what the evaluation needs of a result file; weights and curves stay in the file. */
export function keep(result: KeptResult & { plan: { beamlets: number } }): KeptResult {
  const { call_equivalents, reference_objective, elapsed_ms } = result.trace;
  return {
    fidelity: result.fidelity,
    own_objective: result.own_objective,
    voxel_weighted_calls: result.voxel_weighted_calls,
    cpu_ms: result.cpu_ms,
    reference_objective: result.reference_objective,
    stop_reason: result.stop_reason,
    read_ms: result.read_ms,
    build_ms: result.build_ms,
    beamlets: result.plan.beamlets,
    total: result.total,
    stages: result.stages,
    advice: result.advice,
    structures: result.structures.map(({ name, role, prescribed_dose_gy, metrics }) => ({
      name,
      role,
      prescribed_dose_gy,
      metrics,
    })),
    trace: { call_equivalents, reference_objective, elapsed_ms },
  };
}
