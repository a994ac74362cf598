import type { Role } from '../../plugin-sdk/index.js';
import type { Binding } from '../advice/advice.js';
import type { BreakerState } from '../advice/breaker.js';
import type { Isolation } from '../host-config.js';
import type { OutcomeCount } from '../session/advisor.js';

/** A plugin as found. */
export interface PluginState {
  readonly id: string;
  readonly version: string;
  readonly role: Role | undefined;
  readonly stability: string;
  /** What it does, in its own sentence; absent where nobody tells. */
  readonly description?: string;
  readonly state: 'active' | 'available' | 'refused';
  /** Why it was refused; empty otherwise. */
  readonly reason: string;
  /** Where its code runs; empty unless it does. */
  readonly isolation: Isolation | '';
  /** Times that a process of it has ended and was started again. */
  readonly restarts: number;
  /** Why one ended last; empty when none did. */
  readonly lastEnd: string;
}

export interface PluginCatalogue {
  plugins(): readonly PluginState[];
}

/** A role as new sessions get it. */
export interface RoleState {
  readonly binding: Binding;
  readonly breaker: BreakerState;
  /** Since the host started, whatever plugin served the role. */
  readonly outcomes: readonly OutcomeCount[];
  /** False when a plugin was wanted but is refused, or the breaker is open. */
  readonly isHealthy: boolean;
}

/** What the host advises with. */
export interface RoleBoard {
  generation(): number;
  roles(): readonly RoleState[];
  /** Called after a role's health may have changed. */
  onChange(listener: () => void): void;
}
