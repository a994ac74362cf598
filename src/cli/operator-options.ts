import { type Command, InvalidArgumentError, Option } from 'commander';
import { withTls } from './connect-options.js';

const DEFAULT_HOST = '127.0.0.1:50152';
export const HOST_VARIABLE = 'DH_ADVISOR_OPERATOR';

/** Gets what a command prints on standard output, line by line. */
export type Write = (line: string) => void;

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 0xffff_ffff) return number;
  throw new InvalidArgumentError('It must be a whole number.');
}

/** Options of a command that asks a running host. */
export function reading(command: Command): Command {
  const host = new Option('--host <address>', 'OperatorService of the host')
    .env(HOST_VARIABLE)
    .default(DEFAULT_HOST);
  return withTls(command.addOption(host)).option('--json', 'for programs');
}

/** Options of a command that changes how plans are advised. */
export function switching(command: Command): Command {
  return reading(command)
    .option('--reason <text>', 'why; kept with the change')
    .option('--as <name>', 'who; the login name by default')
    .option('--dry-run', 'check, and change nothing');
}

/** Options of a command that makes a generation of the configuration. */
export function changing(command: Command): Command {
  return switching(command).option(
    '--expect-generation <number>',
    'refuse when another generation is in force',
    wholeNumber,
  );
}
