/**
 * Every word of `AdviceHeader.reason`, with what it means for whoever reads it in a client's log. Words stay as they are: clients and
 * dashboards count them.
 */
export const REASON_WORDS = {
  'no-advice': 'The plugin had nothing to say this time.',
  'retry-later': 'The plugin has nothing yet, and may have later.',
  'not-applicable': 'The plugin has nothing for this plan, whatever it is asked.',
  'invalid-input': 'What the client sent is not what the plugin needs; `detail` says what.',
  'model-unavailable': "The plugin's model could not be run.",
  'plugin-error': 'A defect of the plugin. The log of the host has its words.',
  'plugin-process-ended':
    'The process that the plugin runs in ended, or was ended, before it answered; it is started again.',
  'plugin-restarting': 'The process that the plugin runs in has ended and is not back yet.',
  late: "The answer came after the role's deadline.",
  'still-busy':
    'The plugin was not asked, because its answer to an earlier question is still on its way.',
  'breaker-plan': 'The role failed too often in this plan, and is off for the rest of it.',
  'breaker-host': 'The role failed too often in all plans, and is off for a while.',
  off: 'The configuration switches the role off.',
  refused: 'The plugin that the configuration names could not be loaded.',
  'stopped-by-operator': 'An operator has stopped all advice.',
  'out-of-distribution': 'The plan lies outside what the model was trained on.',
  malformed: 'The value is not of the form that the role asks for.',
  'wrong-length': 'The vector has not one entry a beamlet.',
  'not-finite': 'The value has NaN or infinity.',
  'out-of-bounds': 'Moved inside its bounds.',
  'not-descent': 'The objective does not fall along the direction.',
  'step-length-dropped': 'The step length was none; the direction is there.',
  'unknown-structure': 'A structure that the plan does not have.',
  'duplicate-structure': 'A structure named twice.',
  'filled-with-default': "Structures that were left out got the configuration's default.",
  'unknown-level': 'A level that the plan does not have.',
  'not-monotone': 'A schedule whose levels or sigmas rise.',
  'bad-last-stage': 'A schedule that does not end at level 0 with its own sigma.',
  'iteration-limit': "A stage was cut to the configuration's longest.",
  'too-early': 'A stop before the floor of iterations, made to go on.',
  'still-improving': 'A stop although the last iteration gained much, made to go on.',
  patience: 'A stop that was not yet said often enough running, made to go on.',
  'no-explanation': 'A stop without its reason in words.',
  'forecast-passed': 'A forecast that the objective has passed, taken away.',
} as const satisfies Record<string, string>;

/** A value repeated after a failure, with `on_failure: hold_last`; what follows is the reason of the failure. */
export const HELD_PREFIX = 'held-last-';
