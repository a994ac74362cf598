import type { AdviceStop } from './operations.js';
import type { RoleState } from './role-board.js';

/** A host as operators see it from outside. */
export interface HostStatus {
  readonly state: string;
  readonly version: string;
  readonly generation: number;
  readonly openSessions: number;
  readonly uptimeMs: number;
  readonly roles: readonly RoleState[];
  /** Undefined while the host advises. */
  readonly stopped: AdviceStop | undefined;
}
