import { type ErrorCodeEntry, entry } from './error-entry.js';

/** Errors of experiments. Part of `ERROR_CODES`. */
export const EXPERIMENT_ERRORS = {
  'experiment-arm': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Experiment `{experiment}` takes no plans: arm `{arm}` cannot serve role `{role}`: {problem}',
  ),
  'experiment-shadow-arm': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Shadow arm `{arm}` of experiment `{experiment}` cannot be computed: {problem}',
  ),
  'experiment-arm-unknown': entry(
    'INVALID_ARGUMENT',
    'warn',
    'no',
    'The plan asks for `{wanted}`, but that is no arm of an experiment that takes plans. Known: {known}.',
  ),
  'experiment-store': entry(
    'UNAVAILABLE',
    'error',
    'later',
    'The database of experiments (`storage.url`) cannot be used: {problem}',
  ),
  'experiment-unknown': entry(
    'NOT_FOUND',
    'error',
    'no',
    'The database holds no experiment `{experiment}`. Known: {known}.',
  ),
  'experiment-changed': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Experiment `{experiment}` takes no plans: its {what} is another one than the one under which units were drawn. Take it back, or give the experiment a new id.',
  ),
  'experiment-not-promotable': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Arm `{arm}` of experiment `{experiment}` cannot be promoted: {problem}',
  ),
  'experiment-not-decided': entry(
    'FAILED_PRECONDITION',
    'warn',
    'later',
    'Arm `{arm}` of experiment `{experiment}` is not promoted: the analysis decides `{decision}`. {reason} Wait for more plans, or promote it all the same with `--override` and a reason, which is kept with the change.',
  ),
  'experiment-not-held': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Experiment `{experiment}` is not held: it is {state}, or has moved meanwhile.',
  ),
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;
