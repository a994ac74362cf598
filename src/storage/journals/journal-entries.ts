import type { Binding } from '../../domain/advice/advice.js';
import { cutText } from '../../domain/cut-text.js';
import type { CloseReason } from '../../domain/session/advisor.js';
import type { JournalRequest } from '../../domain/session/decision-journal.js';
import type { PlanFinish } from '../../domain/session/plan-finish.js';
import { qualityOf } from '../../plugin-sdk/index.js';

/** Of what journals hold; goes up when an entry changes its meaning. */
export const JOURNAL_FORMAT = 1;

/** A decision, or a run of equal ones, in one stage or about the geometry. */
export interface DecisionEntry {
  readonly kind: 'advice' | 'verdict';
  /** Since the opening, when the run ended. */
  readonly ms: number;
  readonly role: string;
  readonly level?: number | undefined;
  readonly stage?: number | undefined;
  /** Iterations of the stage; absent for what is about the geometry or a level's start. */
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  readonly count: number;
  /** Of advice. */
  readonly outcome?: string | undefined;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
  readonly generation?: number | undefined;
  readonly said?: Readonly<Record<string, unknown>> | undefined;
  /** The slowest answer of the run, microseconds. */
  readonly longest_us?: number | undefined;
  /** Over vectors and predictions of the run in their order, each figure as 64 bits, little-endian. */
  readonly figures_sha256?: string | undefined;
  readonly verdict?: string | undefined;
}

/** What stands in a journal. Neither keys nor the label of a plan, nor volumes, nor names of structures. */
export type JournalEntry =
  | OpeningEntry
  | DecisionEntry
  | FinishEntry
  | { readonly kind: 'role-off'; readonly ms: number; readonly role: string }
  | {
      readonly kind: 'advice-stopped' | 'draining' | 'broken';
      readonly ms: number;
    }
  | { readonly kind: 'resumed'; readonly ms: number; readonly resume_sha256: string }
  /** So many entries found no room since the line before. */
  | { readonly kind: 'missing'; readonly ms: number; readonly entries: number }
  | { readonly kind: 'close'; readonly ms: number; readonly reason: CloseReason };

export interface BindingEntry {
  readonly role: string;
  readonly solver?: string | undefined;
  /** Empty: the role is off. */
  readonly plugin: string;
  readonly version: string;
  readonly model: string;
  readonly model_sha256: string;
  readonly arm: string;
  readonly deadline_ms: number;
}

export interface OpeningEntry {
  readonly kind: 'opening';
  readonly format: number;
  readonly session: string;
  /** UTC. */
  readonly at: string;
  readonly host: string;
  readonly client: string;
  readonly solver: string;
  readonly quality: string;
  readonly mode: string;
  readonly generation: number;
  readonly arm: string;
  /** Roles that the client takes advice of. */
  readonly accepts: readonly string[];
  readonly bindings: readonly BindingEntry[];
  /** Over the configuration of the roles. */
  readonly roles_sha256: string;
  /** Over the token and the plan of a client that may come back. */
  readonly resume_sha256: string;
  /** Of the session's files, where it began in another one; the line before stands in the part before. */
  readonly part?: number | undefined;
  /** Before this part. */
  readonly resumptions?: number | undefined;
}

interface FinishEntry {
  readonly kind: 'finish';
  readonly ms: number;
  readonly stop_reason: string;
  readonly iterations: number;
  readonly value_calls: number;
  readonly gradient_calls: number;
  readonly call_equivalents: number;
  readonly optimization_ms: number;
  readonly advice_wait_ms: number;
  /** Of the last stage as the client reported it; absent when it told of none. */
  readonly objective?: number | undefined;
  readonly reference_objective: number;
  readonly metrics: readonly {
    /** Index into the structures of the plan. */
    readonly structure: number;
    readonly name: string;
    readonly value: number;
    readonly unit: string;
  }[];
}

function bindingEntry(binding: Binding): BindingEntry {
  return {
    role: binding.role,
    solver: binding.solver,
    plugin: binding.plugin,
    version: binding.pluginVersion,
    model: binding.model,
    model_sha256: binding.modelSha256,
    arm: binding.arm,
    deadline_ms: binding.deadlineMs,
  };
}

/** @param wallMs Since 1970. */
export function openingEntry(request: JournalRequest, host: string, wallMs: number): OpeningEntry {
  const { opening, sessionId, generation, arm, bindings, resumeSha256, rolesSha256, continues } =
    request;
  return {
    kind: 'opening',
    format: JOURNAL_FORMAT,
    session: sessionId,
    at: new Date(wallMs).toISOString(),
    host,
    client: cutText(opening.client),
    solver: opening.plan.solver,
    quality: qualityOf(opening.plan),
    mode: opening.adviceMode,
    generation,
    arm,
    accepts: opening.plan.accepts,
    bindings: bindings.map(bindingEntry),
    roles_sha256: rolesSha256,
    resume_sha256: resumeSha256,
    part: continues?.part,
    resumptions: continues === undefined ? undefined : continues.resumptions + 1,
  };
}

export function finishEntry(
  finish: PlanFinish,
  objective: number | undefined,
  ms: number,
): FinishEntry {
  return {
    kind: 'finish',
    ms,
    stop_reason: cutText(finish.stopReason),
    iterations: finish.iterations,
    value_calls: finish.valueCalls,
    gradient_calls: finish.gradientCalls,
    call_equivalents: finish.callEquivalents,
    optimization_ms: finish.optimizationMs,
    advice_wait_ms: finish.adviceWaitMs,
    objective,
    reference_objective: finish.referenceObjective,
    metrics: finish.metrics.map(({ structure, name, value, unit }) => ({
      structure,
      name: cutText(name),
      value,
      unit: cutText(unit),
    })),
  };
}
