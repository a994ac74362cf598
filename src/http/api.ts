import type { Outcome } from '../domain/advice/advice.js';
import type { BreakerState } from '../domain/advice/breaker.js';
import type { LatencyFigures } from '../domain/operations/metrics.js';
import type {
  AdviceStop,
  GenerationRecord,
  RefusedChange,
} from '../domain/operations/operations.js';
import type { Role, Solver } from '../plugin-sdk/index.js';
import type { CurvePart } from './live/curve.js';
import type { HealthSample } from './live/health-series.js';
import type { PlanSummary } from './live/plan-views.js';

/** What the HTTP interface says and takes, shared with the page. Every fault is a `Fault` with a fitting status. */
export interface Fault {
  /** As in docs/errors.md. */
  readonly code: string;
  readonly message: string;
}

/** How a role stands for plans that open now. */
export interface RoleHealth {
  readonly role: Role;
  /** Plans of this solver; null: of all that have nothing of their own. */
  readonly solver: Solver | null;
  /** Empty when it is off. */
  readonly plugin: string;
  /** `late`: answers of the last minutes missed the deadline. `stopped`: by the kill switch. */
  readonly health: 'ok' | 'off' | 'failing' | 'late' | 'stopped';
  readonly breaker: BreakerState;
  /** In one sentence; empty while it is ok or off. */
  readonly why: string;
}

/** `GET /api/status` */
export interface HostStatus {
  /** Another one: the host was restarted. */
  readonly instance: string;
  readonly version: string;
  readonly state: 'serving' | 'draining';
  /** Where optimizers call. */
  readonly address: string;
  readonly generation: number;
  readonly openPlans: number;
  /** Advice to all plans is stopped. */
  readonly stop: AdviceStop | null;
  /** Changes need the operator's token. */
  readonly needsToken: boolean;
  /** Why nothing can be changed through the page, the kill switch included; null where it can. */
  readonly changesOff: string | null;
  readonly roles: readonly RoleHealth[];
}

/** `GET /api/health` */
export interface HostHealth {
  readonly uptimeSeconds: number;
  readonly rssBytes: number;
  readonly cpuSeconds: number;
  readonly loopLagMs: { readonly p50: number; readonly p99: number };
  readonly node: string;
  /** Pages that are open. */
  readonly watchers: number;
  /** The last hour, oldest first. */
  readonly series: readonly HealthSample[];
}

/** A role in `GET /api/roles`. */
export interface RolePanel extends RoleHealth {
  readonly pluginVersion: string;
  readonly model: string;
  readonly deadlineMs: number;
  readonly latency: LatencyFigures | null;
  /** Since the host started. */
  readonly outcomes: readonly { readonly outcome: Outcome; readonly count: number }[];
}

/** `GET /api/configuration` */
export interface ConfigurationPanel {
  readonly generation: number;
  /** The file, comments included; null when its text is not kept. */
  readonly text: string | null;
  readonly generations: readonly GenerationRecord[];
  readonly refusals: readonly RefusedChange[];
}

/** A plan in the live feed: all of its figures, and what is new of its curve. */
export interface LivePlanUpdate extends PlanSummary {
  readonly curve: CurvePart;
}

/** One event of `GET /api/events`. A part that is missing has not changed. */
export interface LiveUpdate {
  readonly instance: string;
  /** Of the host's clock, milliseconds since 1970. */
  readonly sentAtMs: number;
  readonly status?: HostStatus;
  /** Sessions that are shown, in order; others are gone. */
  readonly members?: readonly string[];
  readonly plans?: readonly LivePlanUpdate[];
}
