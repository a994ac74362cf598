import type { Inference } from '../../plugin-sdk/index.js';
import type { Binding } from '../advice/advice.js';
import type { HostError } from '../errors/host-error.js';
import type { HostConfig, ModelsConfig } from '../host-config.js';

/** A part of a configuration that cannot be put into service. */
export interface ActivationFault {
  /** Where the configuration says it, such as `['roles', 'early-stopping', 'plugin']`. */
  readonly path: readonly (string | number)[];
  readonly error: HostError;
  /** Whether what is in force has the same fault, so that a change does not make it worse. */
  readonly isOld: boolean;
}

/** A configuration whose plugins and models are loaded and warmed up, but that no plan gets yet. */
export interface PreparedConfig {
  readonly faults: readonly ActivationFault[];
  /** One per role, as plans would get them. */
  readonly bindings: readonly Binding[];
  /** Whether plans would get other plugins, settings or models than they do now. */
  readonly isDifferent: boolean;
  /** From now on new plans get it. What only the former one used is released when its last plan has ended. */
  commit(): void;
  /** Releases what was loaded for it alone. */
  discard(): Promise<void>;
}

/** Puts configurations into service. Never rejects for a plugin or a model: each is a fault. */
export interface ConfigActivator {
  prepare(config: HostConfig): Promise<PreparedConfig>;
}

/** What one user of models opened. It stays loaded until it is released. */
export interface ModelLease extends Inference {
  /** By the names they were opened with: what stands behind each, content included. */
  readonly opened: ReadonlyMap<string, string>;
  release(): Promise<void>;
}

/** The models as one configuration names them. */
export interface ModelView {
  lease(): ModelLease;
  /** What stands behind a name now, content included; undefined when there is no such model. */
  identify(name: string): Promise<string | undefined>;
}

/** Models under a configuration to come. Versions that a label points at are loaded. */
export interface PreparedModels {
  readonly view: ModelView;
  readonly faults: readonly ActivationFault[];
  commit(): void;
  discard(): Promise<void>;
}

/** Models that can be put under another configuration. */
export interface ModelActivator {
  prepare(config: ModelsConfig): Promise<PreparedModels>;
}
