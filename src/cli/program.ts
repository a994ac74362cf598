import { Argument, Command, Option } from 'commander';
import { packagePaths } from '../composition/package-paths.js';
import { addCertsCommands } from './certs/certs-program.js';
import type { ServeOptions } from './commands.js';
import { completionScript, SHELLS, type Shell } from './completion.js';
import { addConfigCommands } from './config-program.js';
import { addExperimentCommands } from './experiments/experiment-program.js';
import { addInitCommand } from './init/init-program.js';
import { addVerifyCommands } from './journals/verify-program.js';
import type { Write } from './operator-options.js';
import { addOperatorCommands } from './operator-program.js';
import { addPlanReport, addTop } from './page/page-program.js';
import { addReplayCommand } from './replay/replay-program.js';
import { addTrajectoryCommands } from './trajectory-program.js';

// Loaded when a command runs, so that --help and --version answer at once.
const commands = () => import('./commands.js');

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
    .addOption(
      new Option(
        '--log <format>',
        'text: for people, as on a terminal; json: for programs, as elsewhere',
      ).choices(['json', 'text']),
    )
    .action(async (options: ServeOptions) => (await commands()).serve(options));

  addInitCommand(program, write);
  addConfigCommands(program, write);
  addOperatorCommands(program, write);
  addVerifyCommands(program, write);
  addTop(program, write);
  addPlanReport(program, write);
  addCertsCommands(program, write);
  addExperimentCommands(program, write);
  addTrajectoryCommands(program, write);
  addReplayCommand(program, write);
  program
    .command('completion')
    .description('print what makes a shell complete these commands, for its start-up file')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => write(completionScript(shell, program)));
  return program;
}
