import { Argument, type Command, Option } from 'commander';
import type { Write } from '../operator-options.js';
import { PROFILES, type Profile } from './profiles.js';

// Loaded when the command runs, so that --help answers at once.
const commands = () => import('./init-commands.js');

/** Adds what writes a first configuration. */
export function addInitCommand(program: Command, write: Write): void {
  program
    .command('init')
    .description('write a commented configuration to begin with, host.yaml')
    .addArgument(
      new Argument('[folder]', 'folder that it goes to; made if it is not there').default('.'),
    )
    .addOption(
      new Option(
        '--profile <name>',
        'the roles alone, for one kind of optimizer, in place of all settings',
      ).choices(PROFILES),
    )
    .action(async (folder: string, { profile }: { profile?: Profile }) =>
      write(await (await commands()).writeConfiguration(folder, profile)),
    );
}
