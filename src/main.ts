#!/usr/bin/env node
import { Command } from 'commander';
import { readPackageFacts } from './composition/package-facts.js';
import { describeThrown } from './domain/host-error.js';

// Loaded when a command runs, so that --help and --version answer at once.
const commands = () => import('./composition/commands.js');
const write = (line: string) => process.stdout.write(`${line}\n`);

const program = new Command('dh-advisor')
  .description('Advice for radiotherapy plan optimizers while they run. Research software.')
  .version(readPackageFacts().version);

program
  .command('serve')
  .description('serve optimizers until SIGTERM')
  .requiredOption('-c, --config <file>', 'configuration, such as config/host.yaml')
  .option('-l, --listen <address>', 'overrides server.address; port 0 takes a free one')
  .action(async (options: { config: string; listen?: string }) =>
    (await commands()).serve(options),
  );

program
  .command('check')
  .description('name every fault of a configuration and of the plugins it uses')
  .argument('<file>')
  .action(async (file: string) => {
    const faults = await (await commands()).check(file);
    for (const fault of faults) process.stderr.write(`${fault}\n`);
    if (faults.length > 0) process.exitCode = 1;
    else write(`${file} is sound`);
    // A plugin that hung while starting may hold the event loop; everything worth waiting for is done.
    process.exit();
  });

program
  .command('diff')
  .description('show what two configurations mean differently')
  .argument('<before>')
  .argument('<after>')
  .action(async (before: string, after: string) => {
    const changes = (await commands()).diff(before, after);
    for (const line of changes) write(line);
    if (changes.length === 0) write('no difference');
  });

try {
  await program.parseAsync();
} catch (thrown) {
  process.stderr.write(`${describeThrown(thrown)}\n`);
  process.exit(1);
}
