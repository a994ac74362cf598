import { type Command, InvalidArgumentError, Option } from 'commander';
import { withTls } from '../connect-options.js';
import { HOST_VARIABLE, type Write } from '../operator-options.js';
import type {
  DatabaseOptions,
  PlanOptions,
  PromoteOptions,
  ReleaseOptions,
  ReportOptions,
} from './experiment-commands.js';

// Loaded when a command runs, so that --help answers at once.
const commands = () => import('./experiment-commands.js');

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

function reading(command: Command): Command {
  return command.requiredOption(
    '-c, --config <file>',
    'configuration whose `storage` names the database; no host need run',
  );
}

function operating(command: Command): Command {
  const host = new Option('--host <address>', "OperatorService; the configuration's by default");
  return withTls(command.addOption(host.env(HOST_VARIABLE)));
}

const figure = (flags: string, description: string, fallback: number) =>
  new Option(flags, description).argParser(number).default(fallback);

/** Adds what reads experiments; docs/experiments.md tells what the answers mean. */
export function addExperimentCommands(program: Command, write: Write): void {
  const experiment = program
    .command('experiment')
    .description('look at experiments and plan them; see docs/experiments.md');
  reading(experiment.command('list'))
    .description('experiments of the database, ended ones included')
    .option('--json', 'for programs')
    .action(async (options: DatabaseOptions) => write(await (await commands()).list(options)));
  reading(experiment.command('show'))
    .description('definition of an experiment, where it stands, and its plans so far')
    .argument('<id>')
    .option('--json', 'for programs')
    .action(async (id: string, options: DatabaseOptions) =>
      write(await (await commands()).show(id, options)),
    );
  reading(experiment.command('report'))
    .description('checks, effects and decision as of now')
    .argument('<id>')
    .addOption(new Option('--html <file>', 'a page with charts').conflicts(['markdown', 'json']))
    .addOption(new Option('--markdown', 'a text, as without any of these').conflicts('json'))
    .option('--json', 'for programs')
    .action(async (id: string, options: ReportOptions) =>
      write(await (await commands()).report(id, options)),
    );
  operating(reading(experiment.command('release')))
    .description(
      'let an experiment go on that is held; it is held again if the next analysis says so',
    )
    .argument('<id>')
    .requiredOption('--reason <text>', 'why; kept with the experiment')
    .option('--as <name>', 'who; the login name by default')
    .option('--offline', 'no host runs: change the database itself')
    .action(async (id: string, options: ReleaseOptions) =>
      write(await (await commands()).release(id, options)),
    );
  operating(reading(experiment.command('promote')))
    .description("point a label at the versions of a better arm's models, and end the experiment")
    .argument('<id>')
    .requiredOption('--arm <id>', 'the better arm')
    .requiredOption('--reason <text>', 'why; kept with the change')
    .option('--label <name>', 'as the experiment says, or stable')
    .option('--override', 'promote although the analysis does not decide so; kept with the reason')
    .option('--dry-run', 'say what would move and what the decision is, and change nothing')
    .option('--as <name>', 'who; the login name by default')
    .option('--json', 'for programs')
    .action(async (id: string, options: PromoteOptions) =>
      write(await (await commands()).promote(id, options)),
    );
  experiment
    .command('plan')
    .description('how many plans it takes to see an effect')
    .requiredOption('--effect <fraction>', 'to be found, such as -0.1 for 10 % less', number)
    .addOption(figure('--deviation <number>', 'of the logarithm of the metric', 0.52))
    .addOption(figure('--explained <fraction>', 'of its variance, by `adjust`', 0.25))
    .addOption(figure('--share <fraction>', 'of the plans that get the new arm', 0.5))
    .addOption(figure('--alpha <fraction>', 'error rate', 0.05))
    .addOption(figure('--power <fraction>', 'chance to find the effect', 0.8))
    .option('--json', 'for programs')
    .action(async (options: PlanOptions) => write((await commands()).plan(options)));
}
