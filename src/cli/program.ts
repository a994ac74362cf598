import { Command, Option } from 'commander';
import { packagePaths } from '../composition/package-paths.js';
import { addCertsCommands } from './certs/certs-program.js';
import { addExperimentCommands } from './experiment-program.js';
import { addOperatorCommands, type Write } from './operator-program.js';
import { addReplayCommand } from './replay-program.js';
import type { ExportOptions } from './trajectory-commands.js';

// Loaded when a command runs, so that --help and --version answer at once.
const commands = () => import('./commands.js');
const recordings = () => import('./trajectory-commands.js');

/** All commands of `dh-advisor`, not yet given any arguments. `write` gets what they print on standard output, line by line. */
export function advisorProgram(write: Write): Command {
  const program = new Command('dh-advisor')
    .description('Advice for radiotherapy plan optimizers while they run. Research software.')
    .version(packagePaths().version);

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
      const { faults, notices } = await (await commands()).check(file);
      for (const fault of [...notices, ...faults]) process.stderr.write(`${fault}\n`);
      if (faults.length > 0) process.exitCode = 1;
      else write(`${file}: valid`);
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

  const trajectories = program
    .command('trajectories')
    .description('look at what the host recorded; see docs/trajectories.md');

  trajectories
    .command('list')
    .description('list the sessions of a recording directory')
    .argument('<dir>')
    .option('--json', 'for programs')
    .action(async (dir: string, { json = false }: { json?: boolean }) => {
      write(await (await recordings()).listTrajectories(dir, json));
    });

  trajectories
    .command('show')
    .description('sum up one session')
    .argument('<path>', 'folder of a trajectory, a file in it, or a *.recording')
    .option('--json', 'everything known of the session as a whole')
    .action(async (path: string, { json = false }: { json?: boolean }) => {
      write(await (await recordings()).showTrajectory(path, json));
    });

  trajectories
    .command('export')
    .description('write trajectories as JSON')
    .argument('<dir>')
    .addOption(
      new Option('--format <format>', 'jsonl: a line an iteration; seed-json: a file a session')
        .choices(['jsonl', 'seed-json'])
        .makeOptionMandatory(),
    )
    .option('--out <path>', 'file for jsonl (else standard output), folder for seed-json')
    .option('--only-complete', 'leave out sessions that did not finish')
    .action(async (dir: string, options: ExportOptions) => {
      const lines = await (await recordings()).exportTrajectories(dir, options);
      process.stderr.write(`${lines}\n`);
    });

  addReplayCommand(program, write);
  addExperimentCommands(program, write);
  addOperatorCommands(program, write);
  addCertsCommands(program, write);
  return program;
}
