import type { Binding } from '../advice/advice.js';
import type { ReplayBasis } from '../replay/replay.js';
import type { CloseReason, Notice, PlanEvent, Reply, RoleReceipt } from './advisor.js';
import type { PlanCounts } from './plan-counts.js';
import type { PlanOpening } from './plan-opening.js';
import type { RecordingConfig } from './recording.js';

/**
 * Observes one session: a recording, the operator's live board, a trace. Methods return at once and never throw, for a
 * plan must not pay for being watched; what they are given belongs to the session and is copied if it is kept.
 * An answer and a receipt are counted before observers hear of them.
 */
export interface SessionObserver {
  event(event: PlanEvent): void;
  /** What the host answered to the last event. */
  answered(reply: Reply): void;
  receipt(receipt: RoleReceipt): void;
  /** What the client is told without asking; most observers see what becomes of it. */
  notice?(notice: Notice): void;
  /** The stream broke; the session waits for a resume. */
  broken(): void;
  resumed(): void;
  /** The session is over. */
  close(reason: CloseReason): void;
}

/** A session as it opens. */
export interface ObserverRequest {
  readonly sessionId: string;
  readonly opening: PlanOpening;
  readonly generation: number;
  readonly bindings: readonly Binding[];
}

/** A session as it opens, for those who watch it. */
export interface WatchRequest extends ObserverRequest {
  /** What the session has counted so far; it goes on counting. */
  readonly counts: PlanCounts;
  /** Folder of the trajectory that becomes of the session; absent when it is not recorded. */
  readonly recordedIn?: string;
}

/** Makes the observers of sessions. */
export interface SessionObserverFactory {
  /** Undefined when this session is not observed. Never throws. */
  observe(request: WatchRequest): SessionObserver | undefined;
}

export interface RecordingRequest extends ObserverRequest {
  readonly config: RecordingConfig;
  /** What the session's answers depend on. */
  readonly basis: ReplayBasis;
  readonly seed: number;
}

/** Records sessions as trajectories. Apart from the observers, for the client has a say and is told. */
export interface TrajectoryRecorder {
  /** Undefined when the session is not recorded: switched off, not allowed by the client, or no room. Never throws. */
  open(request: RecordingRequest): SessionObserver | undefined;
}
