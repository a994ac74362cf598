import { type Command, Option } from 'commander';
import { withTls } from '../connect-options.js';
import type { Write } from '../operator-options.js';
import type { ReportOptions, TopOptions } from './page-commands.js';

const DEFAULT_PAGE = 'http://127.0.0.1:9464';

// Loaded when a command runs, so that --help answers at once.
const commands = () => import('./page-commands.js');

function watching(command: Command): Command {
  const page = new Option('--page <url>', "address of the host's page; https:// needs --ca")
    .env('DH_ADVISOR_PAGE')
    .default(DEFAULT_PAGE);
  return withTls(command.addOption(page));
}

/** Adds `top`, what operators leave open beside their work. */
export function addTop(program: Command, write: Write): void {
  watching(program.command('top'))
    .description('live plans in the terminal, until Ctrl-C')
    .option('--once', 'print them once, as where the output is no terminal')
    .option('--json', 'once, for programs')
    .action(async (options: TopOptions) => (await commands()).top(options, write));
}

/** Adds `report` to a group of commands, or to the program. */
export function addPlanReport(parent: Command, write: Write): void {
  watching(parent.command('report'))
    .description('write a plan as one HTML file: convergence, dose, advice, provenance')
    .argument('<plan>', 'its session, the beginning of it, or its label')
    .option('--out <file>', 'plan-SESSION.html unless told')
    .action(async (plan: string, options: ReportOptions) =>
      write(await (await commands()).reportPlan(plan, options)),
    );
}
