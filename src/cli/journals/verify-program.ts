import { type Command, InvalidArgumentError } from 'commander';
import type { Write } from '../operator-options.js';
import type { VerifyOptions } from './verify-command.js';

// Loaded when a command runs, so that --help answers at once.
const commands = () => import('./verify-command.js');

function sha256(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('It must be a SHA-256: 64 hexadecimal digits.');
}

function asVerify(command: Command, write: Write): Command {
  return command
    .description('check that the journal of a plan is as its host wrote it; see docs/journals.md')
    .argument('<journal>', "file of a journal, or a session's id with --config")
    .option('-c, --config <file>', 'configuration of the host whose journal of a session is meant')
    .option(
      '--head <sha256>',
      "what the client kept: `journal_sha256` of the plan's provenance",
      sha256,
    )
    .option('--json', 'for programs')
    .action(async (journal: string, options: VerifyOptions) => {
      const { lines, isWhole } = await (await commands()).verify(journal, options);
      for (const line of lines) write(line);
      if (!isWhole) process.exitCode = 1;
    });
}

/** `session verify`, and `verify` for short. */
export function addVerifyCommands(program: Command, write: Write): void {
  const session = program.commands.find((command) => command.name() === 'session');
  asVerify((session ?? program.command('session')).command('verify'), write);
  asVerify(program.command('verify'), write);
}
