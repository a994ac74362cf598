import { type ErrorCodeEntry, entry } from './error-entry.js';

/** Errors of what operators do: changes of the configuration, credentials. Part of `ERROR_CODES`. */
export const OPERATION_ERRORS = {
  'config-refused': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'The configuration is valid, but {count} part(s) of it cannot be put into service. Nothing has changed:\n{faults}',
  ),
  'config-missing': entry(
    'FAILED_PRECONDITION',
    'error',
    'later',
    '{file} cannot be read: {problem}. Generation {generation} stays in force until it is back.',
  ),
  'config-conflict': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'The change was meant for generation {expected}, but generation {current} is in force. Look at it and ask again.',
  ),
  'config-edited': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    '{file} holds an edit that is not in force. Nothing has changed: mend the edit or take it back, run `reload`, and ask again.',
  ),
  'config-not-editable': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    '{file} cannot be edited at {path} by a command: {problem}. Nothing has changed: edit the file itself.',
  ),
  'config-not-writable': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    '{file} cannot be written: {problem}. Nothing has changed.',
  ),
  'config-fixed': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'The configuration of this host comes from no file and cannot be changed.',
  ),
  'generation-unknown': entry(
    'NOT_FOUND',
    'warn',
    'no',
    'There is no text of generation {generation}. Kept: {known}.',
  ),
  'role-never-on': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'Role `{role}` has no plugin to go back to: none of the generations that are kept had one. Name one with `use`.',
  ),
  'stop-not-kept': entry(
    'FAILED_PRECONDITION',
    'error',
    'later',
    'It is in force now, but could not be written down, and a restart would undo it: {problem}',
  ),
  'stop-not-logged': entry(
    'FAILED_PRECONDITION',
    'error',
    'later',
    'It is in force and holds over a restart, but the audit log could not be written: {problem}. Make the log writable and note the change there.',
  ),
  'operator-token': entry(
    'UNAUTHENTICATED',
    'warn',
    'no',
    "{problem} Changes need the operators' token: `authorization: Bearer TOKEN`, for commands from the environment variable {variable}.",
  ),
  'operator-token-unset': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    'Changes are off: {key} is {address}, which is not loopback, and the host was started without {variable}. Set it and start again.',
  ),
  'operator-token-none': entry(
    'FAILED_PRECONDITION',
    'warn',
    'no',
    "Arms are forced with the operators' token only, and the host was started without {variable}.",
  ),
  'host-unreachable': entry(
    'UNAVAILABLE',
    'error',
    'later',
    'No host answers at {address}: {problem}. Start one with `dh-advisor serve`, or name the `operator.address` of one that runs with `--host`.',
  ),
  'address-unusable': entry(
    'UNAVAILABLE',
    'error',
    'later',
    'The host cannot listen at {address} (`{key}`): {problem}.',
  ),
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;
