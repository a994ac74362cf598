import type { Binding, Outcome } from '../advice/advice.js';
import type { BreakerState } from '../advice/breaker.js';
import type { CloseReason, OutcomeCount } from '../session/advisor.js';
import type { ShadowResult } from '../shadow/shadow-outcome.js';
import type { ModelMetrics } from './models.js';

/**
 * What became of recordings: `opened`, then one of `kept`, `kept-incomplete` and `failed`; `refused` before; after a
 * crash `recovered` or `damaged`.
 */
export type RecordingResult =
  | 'opened'
  | 'refused'
  | 'kept'
  | 'kept-incomplete'
  | 'failed'
  | 'recovered'
  | 'damaged';

/** What became of a configuration that was offered, by an edit or a command; `unchanged` says the same as the one in force. */
export type ReloadResult = 'applied' | 'unchanged' | 'refused';

/** Counts for one bound role, with its labels resolved once. */
export interface RoleMeter {
  answered(outcome: Outcome, reason: string, latencyMs: number): void;
  verdict(verdict: string): void;
}

/** Latency of a role's answers, read off its histogram. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Figures of the running host, for operators. */
export interface HostFigures {
  /** Of all answers that this binding gave since the host started; undefined before the first. */
  latency(binding: Binding): LatencyFigures | undefined;
  /** How late the event loop runs, since somebody last scraped the metrics. */
  loopLagMs(): { readonly p50: number; readonly p99: number };
}

/** Where an experiment stands. */
export interface RampFigures {
  readonly experiment: string;
  readonly percent: number;
  readonly state: string;
}

/** What of experiments failed; `backlog`: storing again what could not be stored. */
export type ExperimentFailure = 'open' | 'assign' | 'outcome' | 'backlog' | 'ramp' | 'look';

/** A role as configured, for plans of its solver. */
export type ServedKey = Pick<Binding, 'role' | 'solver'>;

/** Figures of roles. Labels are bounded: never a plan or a session. */
export interface RoleMetrics {
  role(binding: Binding): RoleMeter;
  /** Of all plugins that served this role, solver and arm since the host started. */
  outcomes(served: ServedKey & Pick<Binding, 'arm'>): readonly OutcomeCount[];
  breaker(served: ServedKey, state: BreakerState): void;
}

/** Figures of what operators change. */
export interface ControlMetrics {
  generation(generation: number): void;
  configReload(result: ReloadResult): void;
  /** The kill switch. */
  adviceStopped(isStopped: boolean): void;
}

/** Figures of streams and their messages. */
export interface StreamMetrics {
  streamOpened(): void;
  streamClosed(reason: CloseReason): void;
  /** Open sessions, resumable ones included. */
  sessions(count: number): void;
  received(): void;
  sent(): void;
  spurious(): void;
}

/** Figures of recordings. */
export interface RecordingMetrics {
  recording(result: RecordingResult): void;
}

/** Figures of experiments. */
export interface ExperimentMetrics {
  /** What an experiment said of a plan; `arm` is empty when it serves none. */
  enrolled(experiment: string, arm: string, reason: string): void;
  outcome(experiment: string, arm: string, status: 'finished' | 'lost'): void;
  /** The store of experiments failed or was late. */
  experimentStoreFailed(what: ExperimentFailure): void;
  /** Whether the database of experiments could be used when it was last asked. */
  experimentStore(isUsable: boolean): void;
  /** Ends of plans that wait for the database. */
  outcomesWaiting(outcomes: number): void;
  /** What became of a session in the eyes of a shadow arm. */
  shadowed(experiment: string, arm: string, result: ShadowResult): void;
  /** Where experiments stand, all of them: percent of the units let in, and the state of the ramp. */
  ramps(positions: readonly RampFigures[]): void;
}

/** Figures of the journals of decisions. */
export interface JournalMetrics {
  journalEntries(result: 'written' | 'missing', entries: number): void;
  journalWriteFailed(): void;
}

/** All figures of a host, by topic; who counts takes the topic it counts in. */
export interface HostMetrics {
  readonly roles: RoleMetrics;
  readonly control: ControlMetrics;
  readonly streams: StreamMetrics;
  readonly recordings: RecordingMetrics;
  readonly experiments: ExperimentMetrics;
  readonly journals: JournalMetrics;
  readonly models: ModelMetrics;
}
