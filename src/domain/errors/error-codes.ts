import { type ErrorCodeEntry, entry } from './error-entry.js';
import { EXPERIMENT_ERRORS } from './experiment-errors.js';
import { HTTP_ERRORS } from './http-errors.js';
import { OPERATION_ERRORS } from './operation-errors.js';
import { REPLAY_ERRORS } from './replay-errors.js';

export type { ErrorCodeEntry, StatusName } from './error-entry.js';

/** Every error the host can name. docs/errors.md is generated from it and compared in a test. */
export const ERROR_CODES = {
  'protocol-major': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'The client speaks protocol {client}, this host speaks {host}. Update the side with the lower major version.',
  ),
  'first-message-not-start': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'A stream opens with `start`, but the first message was `{event}`.',
  ),
  'first-message-late': entry(
    'DEADLINE_EXCEEDED',
    'info',
    'new-session',
    'The stream did not say what plan it is of within {limit} ms (`server.first_message_ms`).',
  ),
  'too-many-streams': entry(
    'RESOURCE_EXHAUSTED',
    'warn',
    'later',
    '{actual} streams have not yet said what plan they are of, as many as there is room for plans (`server.max_sessions`).',
  ),
  'message-undecodable': entry(
    'INVALID_ARGUMENT',
    'warn',
    'no',
    'A message of the stream is not an OptimizerEvent of this contract: {problem}.',
  ),
  'event-duplicate': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    '`{event}` was sent twice{where}. Send it once.',
  ),
  'event-out-of-order': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    '`{event}` is not allowed {state}.',
  ),
  'level-out-of-order': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'Level {level} cannot follow level {previous}: a plan runs from coarse (high) to fine (0).',
  ),
  'stage-out-of-order': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'Stage {stage} of `{event}` does not fit stage {previous}: stages count the level starts of a plan upwards.',
  ),
  'iteration-out-of-order': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'Iteration {iteration} came after iteration {previous}: iterations of a stage count upwards.',
  ),
  'invalid-field': entry('INVALID_ARGUMENT', 'warn', 'no', '`{field}` {problem}.'),
  'volume-checksum': entry(
    'DATA_LOSS',
    'warn',
    'new-session',
    'The running CRC32C of volume `{kind}` at byte {offset} does not match its data. Send the volume again in a new session.',
  ),
  'limit-exceeded': entry(
    'RESOURCE_EXHAUSTED',
    'warn',
    'no',
    '{what} is {actual}, above the limit of {limit} (`{key}` in the configuration).',
  ),
  'too-many-sessions': entry(
    'RESOURCE_EXHAUSTED',
    'warn',
    'later',
    'No room for another session: {actual} of {limit} are open (`{key}` in the configuration).',
  ),
  'session-idle': entry(
    'DEADLINE_EXCEEDED',
    'info',
    'new-session',
    'Nothing was heard for {limit} ms (`server.session_idle_ms`), so the session was closed.',
  ),
  'session-too-old': entry(
    'DEADLINE_EXCEEDED',
    'info',
    'new-session',
    'The session reached its greatest age of {limit} ms (`server.session_max_age_ms`).',
  ),
  draining: entry('UNAVAILABLE', 'info', 'later', 'The host is going away and takes no new plans.'),
  'resume-unknown': entry(
    'NOT_FOUND',
    'info',
    'new-session',
    'No session waits for this resume token: it has expired, ended or never was. Open a new session.',
  ),
  'resume-differs': entry(
    'FAILED_PRECONDITION',
    'warn',
    'new-session',
    'The resume token belongs to a plan with another {what}. Resume with the same plan or open a new session.',
  ),
  'config-invalid': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'The configuration has {count} fault(s):\n{faults}',
  ),
  ...OPERATION_ERRORS,
  ...REPLAY_ERRORS,
  'plugin-not-found': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Role `{role}` names plugin `{plugin}`, but no plugin directory or package has it. Known: {known}.',
  ),
  'plugin-directory': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'The folder of plugins {directory} cannot be read: {problem}. Make it, name another, or give the host the right to read it.',
  ),
  'plugin-manifest': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    '{file} is not a valid plugin manifest: {problem}',
  ),
  'plugin-duplicate': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Plugin `{plugin}` is in {first} and again in {second}. Remove or rename one.',
  ),
  'plugin-sdk-range': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Plugin `{plugin}` is written for SDK `{range}`, this host has {sdk}. Install a version of the plugin that fits.',
  ),
  'plugin-entry': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Plugin `{plugin}` cannot be loaded from `{entry}`: {problem}',
  ),
  'plugin-role': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Plugin `{plugin}` serves role `{actual}`, but `{expected}` was expected by {by}.',
  ),
  'plugin-settings': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Settings of plugin `{plugin}` are not valid: {problem}',
  ),
  'plugin-schema': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Plugin `{plugin}` has no usable `configSchema`: {problem}',
  ),
  'plugin-requires': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Plugin `{plugin}` requires the unknown service `{service}`. Known: {known}.',
  ),
  'plugin-create-failed': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Plugin `{plugin}` failed to start: {problem}',
  ),
  'plugin-create-timeout': entry(
    'FAILED_PRECONDITION',
    'error',
    'later',
    'Plugin `{plugin}` did not start within {limit} ms (`plugins.load_timeout_ms`).',
  ),
  'plugin-version': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'Plugin `{plugin}` is installed in version {installed}, not {wanted}.',
  ),
  'plugin-changed': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'The files of plugin `{plugin}` in {folder} have changed since its code was loaded, and code is loaded once. Put the new version into a folder of its own and remove the old one, or start the host again.',
  ),
  'model-not-found': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'No model `{model}` in {directory}. Known: {known}.',
  ),
  'model-description': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    '{file} does not describe a model as docs/model-format.md says: {problem}',
  ),
  'model-file': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    '{file} cannot be read: {problem}. A model is complete or not served: export it again.',
  ),
  'model-external-data': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    '{file} keeps the weights of tensor `{tensor}` in another file, which no checksum covers. Save the model as one file.',
  ),
  'model-checksum': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    '{file} is not the file its model.yaml names: SHA-256 is {actual}, expected {expected}. Copy or export the model again.',
  ),
  'model-session': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Model `{model}` cannot be loaded: {problem}',
  ),
  'model-signature': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Model `{model}` is not as its model.yaml says: {problem}',
  ),
  'model-not-finite': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Model `{model}` answers golden case `{case}` with an `{output}` that is not finite. Export it again from sound weights.',
  ),
  'model-golden': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Model `{model}` does not reproduce golden case `{case}`: {problem}',
  ),
  'model-memory': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Model `{model}` needs {needed} MB, but {used} of {limit} MB are in use (`models.max_memory_mb`).',
  ),
  'model-label': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Label `{label}` of model `{model}` points at version {version}, which is not ready: {problem}',
  ),
  ...EXPERIMENT_ERRORS,
  'trajectory-missing': entry('NOT_FOUND', 'error', 'no', 'There is no {path}.'),
  'trajectory-invalid': entry(
    'DATA_LOSS',
    'error',
    'no',
    '{path} {problem}. It is no trajectory, or not a whole one.',
  ),
  'export-needs-folder': entry(
    'INVALID_ARGUMENT',
    'error',
    'no',
    'seed-json makes a file for each session: name a folder with --out.',
  ),
  ...HTTP_ERRORS,
  internal: entry(
    'INTERNAL',
    'error',
    'new-session',
    'The host failed. Tell its operator incident {incident}.',
  ),
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

export type ErrorCode = keyof typeof ERROR_CODES;
