import type { RoleState } from '../ports.js';
import type { AdviceStop } from './operations.js';

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
