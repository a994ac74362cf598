import {
  type ErrorCodeEntry,
  entry,
  faulty,
  full,
  invalid,
  missing,
  notNow,
  refused,
  tooLate,
  unavailable,
} from './error-entry.js';

export type { ErrorCodeEntry, StatusName } from './error-entry.js';

/** Every error the host can name. docs/errors.md is generated from it and compared in a test. */
export const ERROR_CODES = {
  // Streams and sessions
  'protocol-major': refused(
    'The client speaks protocol {client}, this host speaks {host}. Update the side with the lower major version.',
  ),
  'self-check-failed': refused(
    "The client's own check of its plan failed at `{field}`: {finding}. Correct it there; `server.failed_self_checks: warn` lets such plans pass.",
  ),
  'first-message-not-start': refused(
    'A stream opens with `start`, but the first message was `{event}`.',
  ),
  'first-message-late': tooLate(
    'The stream did not say what plan it is of within {limit} ms (`server.first_message_ms`).',
  ),
  'too-many-streams': full(
    '{actual} streams have not yet said what plan they are of, as many as there is room for plans (`server.max_sessions`); this one had been silent for longest.',
  ),
  'message-undecodable': invalid(
    'A message of the stream is not an OptimizerEvent of this contract: {problem}.',
  ),
  'event-duplicate': refused('`{event}` was sent twice{where}. Send it once.'),
  'event-out-of-order': refused('`{event}` is not allowed {state}.'),
  'level-out-of-order': refused(
    'Level {level} cannot follow level {previous}: a plan runs from coarse (high) to fine (0).',
  ),
  'stage-out-of-order': refused(
    'Stage {stage} of `{event}` does not fit stage {previous}: stages count the level starts of a plan upwards.',
  ),
  'iteration-out-of-order': refused(
    'Iteration {iteration} came after iteration {previous}: iterations of a stage count upwards.',
  ),
  'invalid-field': invalid('`{field}` {problem}.'),
  'volume-checksum': entry(
    'DATA_LOSS',
    'warn',
    'new-session',
    'The running CRC32C of volume `{kind}` at byte {offset} does not match its data. Send the volume again in a new session.',
  ),
  'tensor-checksum': entry(
    'DATA_LOSS',
    'warn',
    'new-session',
    'The CRC32C of `{field}` does not match its data: bytes were changed on the way. Open a new session; see docs/security.md for TLS.',
  ),
  'limit-exceeded': entry(
    'RESOURCE_EXHAUSTED',
    'warn',
    'no',
    '{what} is {actual}, above the limit of {limit} (`{key}` in the configuration).',
  ),
  'too-many-sessions': full(
    'No room for another session: {actual} of {limit} are open (`{key}` in the configuration).',
  ),
  'session-idle': tooLate(
    'Nothing was heard for {limit} ms (`server.session_idle_ms`), so the session was closed.',
  ),
  'session-too-old': tooLate(
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
  'resume-versions': entry(
    'FAILED_PRECONDITION',
    'warn',
    'new-session',
    'The plan was advised with {what}. It can only go on as it began; open a new session, or finish without advice.',
  ),
  // The configuration, and what operators do
  'config-invalid': faulty('The configuration has {count} fault(s):\n{faults}'),
  'config-refused': faulty(
    'The configuration is valid, but {count} part(s) of it cannot be put into service. Nothing has changed:\n{faults}',
  ),
  'config-missing': notNow(
    '{file} cannot be read: {problem}. Generation {generation} stays in force until it is back.',
  ),
  'config-conflict': refused(
    'The change was meant for generation {expected}, but generation {current} is in force. Look at it and ask again.',
  ),
  'config-edited': refused(
    '{file} holds an edit that is not in force. Nothing has changed: fix the edit or take it back, run `config reload`, and ask again.',
  ),
  'config-not-editable': refused(
    '{file} cannot be edited at {path} by a command: {problem}. Nothing has changed: edit the file itself.',
  ),
  'config-not-writable': faulty('{file} cannot be written: {problem}. Nothing has changed.'),
  'config-fixed': refused(
    'The configuration of this host comes from no file and cannot be changed.',
  ),
  'generation-unknown': entry(
    'NOT_FOUND',
    'warn',
    'no',
    'There is no text of generation {generation}. Kept: {known}.',
  ),
  'role-never-on': refused(
    'Role `{role}` has no plugin to go back to: none of the generations that are kept had one. Name one with `role use`.',
  ),
  'advice-not-stopped': refused('Advice is not stopped, so there is no stop to explain.'),
  'stop-not-kept': notNow(
    'It is in force now, but could not be written down, and a restart would undo it: {problem}',
  ),
  'stop-not-logged': notNow(
    'It is in force and holds over a restart, but the audit log could not be written: {problem}. Make the log writable and note the change there.',
  ),
  'operator-token': entry(
    'UNAUTHENTICATED',
    'warn',
    'no',
    "{problem} Changes need the operators' token: `authorization: Bearer TOKEN`, for commands from the environment variable {variable}.",
  ),
  'access-none': entry(
    'UNAUTHENTICATED',
    'warn',
    'no',
    '{problem} This host asks who calls, and this needs the role {need}: show a certificate that it knows, or `authorization: Bearer TOKEN`. See docs/security.md.',
  ),
  'access-role': entry(
    'PERMISSION_DENIED',
    'warn',
    'no',
    '{name} may not do this: it needs the role {need}, and there is: {roles}. Roles stand in `operator.tokens` and `access` of the configuration; see docs/security.md.',
  ),
  'operator-token-unset': refused(
    'Changes are off: {key} is {address}, which is not loopback, and the host was started without {variable} and without `operator.tokens`. Set one of them and start again.',
  ),
  'operator-token-none': refused(
    'At the address of optimizers this needs the role operator, and the host was started without {variable}, named tokens, certificates or JWT that could show it; see docs/security.md.',
  ),
  'host-unreachable': unavailable(
    'No host answers at {address}: {problem}. Start one with `dh-advisor serve`, or name the `operator.address` of one that runs with `--host`.',
  ),
  'address-unusable': unavailable('The host cannot listen at {address} (`{key}`): {problem}.'),
  'certificate-unusable': unavailable('The host cannot speak TLS (`{key}`): {problem}.'),
  'listener-exposed': unavailable(
    'The host does not listen at {address} (`{key}`): that is not loopback, and without TLS everybody on the way could read and change what is said. Give `{listener}` a certificate (`tls`), or say `insecure: i-know` where the network itself is private.',
  ),
  // `dh-advisor replay`
  'replay-unable': faulty('Session {session} can not be replayed: {problem}.'),
  'replay-arm': entry(
    'INVALID_ARGUMENT',
    'error',
    'no',
    '`{wanted}` is nothing to replay with: {problem}',
  ),
  'replay-nothing': missing('{path} holds no session that was recorded.'),
  // Plugins
  'plugin-not-found': faulty(
    'Role `{role}` names plugin `{plugin}`, but no plugin directory or package has it. Known: {known}.',
  ),
  'plugin-directory': faulty(
    'The folder of plugins {directory} cannot be read: {problem}. Make it, name another, or give the host the right to read it.',
  ),
  'plugin-manifest': faulty('{file} is not a valid plugin manifest: {problem}'),
  'plugin-duplicate': faulty(
    'Plugin `{plugin}` is in {first} and again in {second}. Remove or rename one.',
  ),
  'plugin-sdk-range': faulty(
    'Plugin `{plugin}` is written for SDK `{range}`, this host has {sdk}. Install a version of the plugin that fits.',
  ),
  'plugin-entry': faulty('Plugin `{plugin}` cannot be loaded from `{entry}`: {problem}'),
  'plugin-role': faulty(
    'Plugin `{plugin}` serves role `{actual}`, but `{expected}` was expected by {by}.',
  ),
  'plugin-settings': faulty('Settings of plugin `{plugin}` are not valid: {problem}'),
  'plugin-schema': faulty('Plugin `{plugin}` has no usable `configSchema`: {problem}'),
  'plugin-requires': faulty(
    'Plugin `{plugin}` requires the unknown service `{service}`. Known: {known}.',
  ),
  'plugin-create-failed': faulty('Plugin `{plugin}` failed to start: {problem}'),
  'plugin-create-timeout': notNow(
    'Plugin `{plugin}` did not start within {limit} ms (`plugins.load_timeout_ms`).',
  ),
  'plugin-version': refused('Plugin `{plugin}` is installed in version {installed}, not {wanted}.'),
  'plugin-changed': faulty(
    'The files of plugin `{plugin}` in {folder} have changed since its code was loaded, and code is loaded once. Put the new version into a folder of its own and remove the old one, or start the host again.',
  ),
  'plugin-changed-apart': faulty(
    'The files of plugin `{plugin}` in {folder} have changed since its process was started, so it is not started again for the plans that it advised. Read the configuration again, for plans to come.',
  ),
  'plugin-process-ended': faulty(
    'The process of plugin `{plugin}` ended before the plugin was ready: {problem}',
  ),
  'plugin-runtime': faulty(
    'Plugin `{plugin}` needs a process of its own for `{runtime}`, and none can be started here.',
  ),
  // Models
  'model-not-found': faulty('No model `{model}` in {directory}. Known: {known}.'),
  'model-description': faulty(
    '{file} does not describe a model as docs/model-format.md says: {problem}',
  ),
  'model-file': faulty(
    '{file} cannot be read: {problem}. A model is complete or not served: export it again.',
  ),
  'model-external-data': faulty(
    '{file} keeps the weights of tensor `{tensor}` in another file, which no checksum covers. Save the model as one file.',
  ),
  'model-checksum': faulty(
    '{file} is not the file its model.yaml names: SHA-256 is {actual}, expected {expected}. Copy or export the model again.',
  ),
  'model-session': faulty('Model `{model}` cannot be loaded: {problem}'),
  'model-signature': faulty('Model `{model}` is not as its model.yaml says: {problem}'),
  'model-not-finite': faulty(
    'Model `{model}` answers golden case `{case}` with an `{output}` that is not finite. Export it again from valid weights.',
  ),
  'model-golden': faulty('Model `{model}` does not reproduce golden case `{case}`: {problem}'),
  'model-memory': faulty(
    'Model `{model}` needs {needed} MB, but {used} of {limit} MB are in use (`models.max_memory_mb`).',
  ),
  'model-label': faulty(
    'Label `{label}` of model `{model}` points at version {version}, which is not ready: {problem}',
  ),
  'model-version-policy': faulty(
    'Version {version} of model `{model}` is there, but `models.version_policy` lets no other serve than {served}.',
  ),
  'model-unknown': missing('There is no model `{model}`. Known: {known}.'),
  'model-not-loaded': unavailable(
    'Model `{model}` is not loaded. A plugin loads it, or `RepositoryModelLoad` of the Open Inference Protocol.',
  ),
  'inference-busy': full('Model `{model}` has no room for another question: {problem}'),
  'inference-failed': unavailable('Model `{model}` could not answer: {problem}'),
  // Experiments
  'experiment-arm': faulty(
    'Experiment `{experiment}` takes no plans: arm `{arm}` cannot serve role `{role}`: {problem}',
  ),
  'experiment-shadow-arm': faulty(
    'Shadow arm `{arm}` of experiment `{experiment}` cannot be computed: {problem}',
  ),
  'experiment-arm-unknown': invalid(
    'The plan asks for `{wanted}`, but that is no arm of an experiment that takes plans. Known: {known}.',
  ),
  'experiment-store': unavailable(
    'The database of experiments (`storage.url`) cannot be used: {problem}',
  ),
  'experiment-unknown': missing('The database holds no experiment `{experiment}`. Known: {known}.'),
  'experiment-changed': faulty(
    'Experiment `{experiment}` takes no plans: its {what} is not the one under which its units were assigned. Take it back, or give the experiment a new id.',
  ),
  'experiment-not-promotable': faulty(
    'Arm `{arm}` of experiment `{experiment}` cannot be promoted: {problem}',
  ),
  'experiment-not-decided': entry(
    'FAILED_PRECONDITION',
    'warn',
    'later',
    'Arm `{arm}` of experiment `{experiment}` is not promoted: the analysis decides `{decision}`. {reason} Wait for more plans, or promote it all the same with `--override` and a reason, which is kept with the change.',
  ),
  'experiment-not-held': faulty(
    'Experiment `{experiment}` is not held: it is {state}, or has moved meanwhile.',
  ),
  // Journals
  'journal-missing': missing(
    'There is no journal {path}. Name its file, or a session together with `--config FILE` of the host that served it.',
  ),
  'journal-not-session': invalid(
    '{text} is no session. With `--config` name a session as `session list` and the log do; without it, the file of a journal.',
  ),
  'journal-invalid': entry('DATA_LOSS', 'error', 'no', '{path} {problem}.'),
  // Trajectories
  'trajectory-missing': missing('There is no {path}.'),
  'query-engine-missing': missing(
    'Queries need DuckDB, which does not come with the host: `npm install --global @duckdb/node-api`.',
  ),
  'query-invalid': faulty('The query cannot be answered: {problem}'),
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
  // The operator's HTTP interface
  'page-missing': entry('NOT_FOUND', 'info', 'no', 'There is no {path} here.'),
  'plan-missing': entry(
    'NOT_FOUND',
    'info',
    'no',
    'The host has no plan {session}: it never was, or ended so long ago that it is no longer kept.',
  ),
  'plan-ambiguous': entry(
    'INVALID_ARGUMENT',
    'info',
    'no',
    'More than one plan is called `{wanted}`: {known}. Say which session.',
  ),
  'page-unreachable': unavailable(
    'The page of a host does not answer at {page}: {problem}. Start a host with `dh-advisor serve`, or name the page of one that runs with `--page`.',
  ),
  'slice-missing': entry(
    'NOT_FOUND',
    'info',
    'no',
    'Plan {session} has no dose slice `{plane}`. It has: {known}.',
  ),
  'too-many-pages': full('{limit} pages follow this host already. Close one.'),
  'method-not-allowed': entry(
    'INVALID_ARGUMENT',
    'info',
    'no',
    '{path} takes {allowed}, not {method}.',
  ),
  'request-not-json': entry(
    'INVALID_ARGUMENT',
    'info',
    'no',
    'A change is sent as JSON with the content type application/json: {problem}.',
  ),
  'operator-origin': entry(
    'PERMISSION_DENIED',
    'warn',
    'no',
    "A page of another origin ({origin}) may neither read nor change anything here. Open the host's own page.",
  ),
  'host-renamed': entry(
    'PERMISSION_DENIED',
    'warn',
    'no',
    'This address is of the machine itself, which calls it localhost or 127.0.0.1 and not {host}. Call it so; for callers from elsewhere give `http.address` another one.',
  ),
  // Anything else
  internal: entry(
    'INTERNAL',
    'error',
    'new-session',
    'The host failed. Tell its operator incident {incident}.',
  ),
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

export type ErrorCode = keyof typeof ERROR_CODES;
