import type { Command } from 'commander';
import type { ChangeOptions, GenerationsOptions } from './operator-commands.js';
import { changing, reading, type Write, wholeNumber } from './operator-options.js';

// Loaded when a command runs, so that --help answers at once.
const files = () => import('./commands.js');
const host = () => import('./operator-commands.js');

/** Adds what is done with configurations: as files, without a host, and as generations of a running one. */
export function addConfigCommands(program: Command, write: Write): void {
  const config = program.command('config').description('configurations: files and generations');
  addFiles(config, write);
  addGenerations(config, write);
}

function addFiles(config: Command, write: Write): void {
  config
    .command('check')
    .description('name every fault of a configuration and of the plugins it uses')
    .argument('<file>')
    .action(async (file: string) => {
      const { faults, notices } = await (await files()).check(file);
      for (const fault of [...notices, ...faults]) process.stderr.write(`${fault}\n`);
      if (faults.length > 0) process.exitCode = 1;
      else write(`${file}: valid`);
      // A plugin that hung while starting may hold the event loop; everything worth waiting for is done.
      process.exit();
    });
  config
    .command('diff')
    .description('show what two configurations mean differently')
    .argument('<before>')
    .argument('<after>')
    .action(async (before: string, after: string) => {
      const changes = (await files()).diff(before, after);
      for (const line of changes) write(line);
      if (changes.length === 0) write('no difference');
    });
}

function addGenerations(config: Command, write: Write): void {
  reading(config.command('history'))
    .description('generations of a host: configurations as they were, or the text of one')
    .argument('[generation]', 'print the text of this one', wholeNumber)
    .option('--limit <number>', 'newest so many; 0: all', wholeNumber, 20)
    .option('--refused', 'changes that were refused instead')
    .action(async (generation: number | undefined, options: GenerationsOptions) =>
      write(await (await host()).showGenerations(generation, options)),
    );
  changing(config.command('reload'))
    .description('read the configuration file again; plugins and models are found anew')
    .action(async (options: ChangeOptions) => {
      const change = { kind: 'reload' } as const;
      write(await (await host()).changeConfiguration(change, 'config reload', options));
    });
  changing(config.command('rollback'))
    .description('go back to an earlier generation, by default the one before the current')
    .argument('[generation]', 'see `config history`', wholeNumber)
    .action(async (generation: number | undefined, options: ChangeOptions) => {
      const change = { kind: 'rollback', generation } as const;
      const command = `config rollback ${generation ?? ''}`.trim();
      write(await (await host()).changeConfiguration(change, command, options));
    });
}
