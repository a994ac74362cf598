import {
  InvalidInput,
  ModelUnavailable,
  NotApplicable,
  PluginError,
  type PluginErrorPolicy,
  RetryLater,
} from '../../plugin-sdk/index.js';

/** The process that a plugin runs in ended while somebody waited for it. Counts as a failure of the plugin. */
export class PluginProcessEnded extends Error {
  override readonly name = 'PluginProcessEnded';
}

/** The process that a plugin runs in has ended before and is not back yet. */
export class PluginProcessAway extends Error {
  override readonly name = 'PluginProcessAway';
}

/** What a plugin in a process threw that is not its way of saying no. */
export class PluginDefect extends Error {
  override readonly name = 'PluginDefect';

  /** @param trace Where it was thrown, in the process; stands in place of the host's own stack. */
  constructor(message: string, trace: string) {
    super(message);
    if (trace !== '') this.stack = trace;
  }
}

const ERRORS: Readonly<Record<PluginErrorPolicy, new (message: string) => PluginError>> = {
  'retry-later': RetryLater,
  'not-applicable': NotApplicable,
  'invalid-input': InvalidInput,
  'model-unavailable': ModelUnavailable,
};

/** What was thrown on the other side. */
export function thrownThere(policy: string, message: string, trace = ''): Error {
  const PolicyError = Object.hasOwn(ERRORS, policy)
    ? ERRORS[policy as PluginErrorPolicy]
    : undefined;
  return PolicyError === undefined ? new PluginDefect(message, trace) : new PolicyError(message);
}

/** The policy that an error tells the other side; empty: it is a defect. */
export function policyOf(thrown: unknown): PluginErrorPolicy | '' {
  return PluginError.is(thrown) ? thrown.policy : '';
}
