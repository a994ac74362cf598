import type { Role, WantedTensor } from '../../plugin-sdk/index.js';
import type { HostConfig } from '../host-config.js';
import type { ActivationFault } from '../operations/activation.js';
import type { ObserverRequest, SessionObserver } from '../session/session-observer.js';

/** What the plugin of one role wants of a plan. */
export interface RoleWants {
  readonly role: Role;
  readonly wants: readonly WantedTensor[];
}

/** A session of experiments as it opens. */
export interface ShadowRequest extends ObserverRequest {
  /** Experiment -> arm that serves the plan. */
  readonly arms: ReadonlyMap<string, string>;
  readonly seed: number;
  /** What the plugins that serve the plan want. */
  readonly servedWants: readonly RoleWants[];
}

export interface ShadowObserver extends SessionObserver {
  /** What the optimizer has to send for the shadow arms; plugins that serve see none of it. */
  readonly wants: readonly WantedTensor[];
}

/** Observes sessions for their shadow arms. */
export interface ShadowObserverFactory {
  /** Undefined when the session has none, or when there is no room for them. Never throws. */
  observe(request: ShadowRequest): ShadowObserver | undefined;
}

/** Shadow arms of a configuration to come, loaded and warmed up beside those in force. */
export interface PreparedShadows {
  readonly faults: readonly ActivationFault[];
  commit(): void;
  discard(): void;
}

export interface ShadowActivator {
  /** Never rejects: an arm that can't be computed is a fault. */
  prepare(config: HostConfig): Promise<PreparedShadows>;
}
