const brand = Symbol.for('dh-advisor/plugin-error');

/** What the host does about an error that a plugin throws on purpose. */
export type PluginErrorPolicy =
  | 'retry-later'
  | 'not-applicable'
  | 'invalid-input'
  | 'model-unavailable';

/**
 * Base of the four errors a plugin may throw. Recognised by a registered symbol, not by `instanceof`, so that a
 * plugin with its own copy of the SDK works.
 */
export abstract class PluginError extends Error {
  abstract readonly policy: PluginErrorPolicy;
  readonly [brand] = true;

  static is(thrown: unknown): thrown is PluginError {
    return typeof thrown === 'object' && thrown !== null && brand in thrown;
  }
}

/** Not now, ask again at the next question. Outcome DEFAULT; never counts against the plugin. */
export class RetryLater extends PluginError {
  override readonly name = 'RetryLater';
  readonly policy = 'retry-later';
}

/**
 * Nothing to offer for this plan; its message tells people why. From `openSession`, where the plan alone says so, or later as the
 * answer to a question, with outcome DEFAULT. The session is asked and told nothing more, and the optimizer need not send any more
 * what only its plugin wants.
 */
export class NotApplicable extends PluginError {
  override readonly name = 'NotApplicable';
  readonly policy = 'not-applicable';
}

/** The question cannot be answered as it stands, such as a tensor that is missing. Outcome DEFAULT. */
export class InvalidInput extends PluginError {
  override readonly name = 'InvalidInput';
  readonly policy = 'invalid-input';
}

/** The model behind the plugin cannot run. Outcome FAILED; counts towards switching the role off. */
export class ModelUnavailable extends PluginError {
  override readonly name = 'ModelUnavailable';
  readonly policy = 'model-unavailable';
}
