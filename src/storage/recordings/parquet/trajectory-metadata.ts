import type { Binding, Outcome } from '../../../domain/advice/advice.js';
import type { CloseReason } from '../../../domain/session/advisor.js';
import { type Snake, snake } from '../../../domain/snake-case.js';
import type {
  Beam,
  Level,
  PlanView,
  Role,
  StopReason,
  WantedTensor,
} from '../../../plugin-sdk/index.js';
import type { StopCause } from '../journal/recording-log.js';
import type { AdviceStory, RecordedSession } from '../journal/session-events.js';

export const TRAJECTORY_FORMAT = 'dh-trajectory';
export const TRAJECTORY_VERSION = 1;
/** Key of the Parquet file's own metadata that holds those of the trajectory, as JSON. */
export const METADATA_KEY = 'dh_trajectory';

export interface AdviceFact {
  readonly role: Role;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly score: number;
  readonly verdict: string | null;
}

export interface StructureFact extends Snake<PlanView['structures'][number]> {
  /** Null when the client sent no geometry. */
  readonly sphericity: number | null;
  readonly dose_gradient_gy_per_mm: number | null;
  readonly target_distance_mm: number | null;
}

/** What is true of a whole session. `docs/trajectories.md` explains every key. */
export interface TrajectoryMetadata {
  readonly format: typeof TRAJECTORY_FORMAT;
  readonly version: number;
  readonly session_id: string;
  readonly patient_id: string;
  readonly plan_id: string;
  /** Why the session ended; `lost` also when the host died. */
  readonly outcome: CloseReason;
  /** Everything that happened is in it. */
  readonly is_complete: boolean;
  readonly stop_cause: StopCause | null;
  readonly torn_bytes: number;
  readonly resumes: number;
  readonly client: string;
  readonly solver: PlanView['solver'];
  readonly advice_mode: 'shadow' | 'advise';
  readonly configuration_generation: number;
  readonly bindings: readonly Snake<Binding>[];
  readonly recorded: readonly Snake<WantedTensor>[];
  readonly anatomy: {
    readonly structures: readonly StructureFact[];
    readonly beam_geometry: readonly Snake<Beam>[];
    readonly target_dvhs: Readonly<Record<string, readonly (readonly [number, number])[]>>;
    readonly levels: readonly Snake<Level>[];
    readonly weight_ceiling: number;
    readonly weight_steepness: number;
  };
  readonly geometry_advice: readonly AdviceFact[];
  readonly iteration_count: number;
  readonly stage_count: number;
  /** The run's own objective at the end of its last stage. */
  readonly final_objective: number | null;
  /** Undefined values are null; the whole is null for a session that did not finish. */
  readonly finish: {
    readonly stop_reason: StopReason;
    readonly iterations: number;
    readonly value_calls: number;
    readonly gradient_calls: number;
    readonly call_equivalents: number;
    readonly optimization_ms: number;
    readonly advice_wait_ms: number;
    readonly reference_objective: number;
    readonly metrics: readonly {
      readonly structure: string;
      readonly name: string;
      readonly value: number;
      readonly unit: string;
    }[];
  } | null;
}

function adviceFact({ role, outcome, reason, score, verdict }: AdviceStory): AdviceFact {
  return { role, outcome, reason, score, verdict: verdict ?? null };
}

function anatomyOf({ start, geometry }: RecordedSession): TrajectoryMetadata['anatomy'] {
  const { structures, beams, levels, weightCeiling, weightSteepness } = start.plan;
  return {
    structures: structures.map((structure, index) => {
      const shape = geometry?.structures.find((structure) => structure.structure === index);
      return {
        ...snake(structure),
        sphericity: shape?.sphericity ?? null,
        dose_gradient_gy_per_mm: shape?.doseGradientGyPerMm ?? null,
        target_distance_mm: shape?.targetDistanceMm ?? null,
      };
    }),
    beam_geometry: snake(beams),
    target_dvhs: Object.fromEntries(
      structures.map(({ name, prescription }) => [
        name,
        prescription.map(({ doseGy, volumeFraction }) => [doseGy, volumeFraction] as const),
      ]),
    ),
    levels: snake(levels),
    weight_ceiling: weightCeiling,
    weight_steepness: weightSteepness,
  };
}

function finishOf({ start, finish }: RecordedSession): TrajectoryMetadata['finish'] {
  if (finish === undefined) return null;
  return {
    stop_reason: finish.stopReason as StopReason,
    iterations: finish.iterations,
    value_calls: finish.valueCalls,
    gradient_calls: finish.gradientCalls,
    call_equivalents: finish.callEquivalents,
    optimization_ms: finish.optimizationMs,
    advice_wait_ms: finish.adviceWaitMs,
    reference_objective: finish.referenceObjective,
    metrics: finish.metrics.map(({ structure, ...metric }) => ({
      structure: start.plan.structures[structure]?.name ?? String(structure),
      ...metric,
    })),
  };
}

export function metadataOf(session: RecordedSession): TrajectoryMetadata {
  const { start, stages, closed, finish, tornBytes, resumes, geometryAdvice } = session;
  const last = stages.at(-1);
  return {
    format: TRAJECTORY_FORMAT,
    version: TRAJECTORY_VERSION,
    session_id: start.sessionId,
    patient_id: start.patientId,
    plan_id: start.planId,
    outcome: closed?.outcome ?? 'lost',
    is_complete: finish !== undefined && closed?.outcome === 'finished' && !closed.stopCause,
    stop_cause: closed?.stopCause ?? null,
    torn_bytes: tornBytes,
    resumes,
    client: start.client,
    solver: start.plan.solver,
    advice_mode: start.adviceMode,
    configuration_generation: start.generation,
    bindings: snake(start.bindings),
    recorded: snake(start.recorded),
    anatomy: anatomyOf(session),
    geometry_advice: [...geometryAdvice.values()].map(adviceFact),
    iteration_count: stages.reduce((sum, { iterations }) => sum + iterations.length, 0),
    stage_count: stages.length,
    final_objective: last?.end?.objective ?? last?.iterations.at(-1)?.header.objective ?? null,
    finish: finishOf(session),
  };
}
