import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { ConfigChange } from '../domain/operations/operations.js';
import { ROLES, type Role } from '../plugin-sdk/role.js';
import { completionScript, SHELLS, type Shell } from './completion.js';
import { withTls } from './connect-options.js';
import type {
  ChangeOptions,
  GenerationsOptions,
  ReadOptions,
  SwitchOptions,
} from './operator-commands.js';

// Loaded when a command runs, so that --help answers at once.
const commands = () => import('./operator-commands.js');

const DEFAULT_HOST = '127.0.0.1:50152';
export const HOST_VARIABLE = 'DH_ADVISOR_OPERATOR';

export type Write = (line: string) => void;

function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 0xffff_ffff) return number;
  throw new InvalidArgumentError('It must be a whole number.');
}

function roleArgument(): Argument {
  return new Argument('<role>').choices(ROLES);
}

/** `name@what` -> both; what is undefined without the @. */
function splitAt(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('@');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function reading(command: Command): Command {
  const host = new Option('--host <address>', 'OperatorService of the host')
    .env(HOST_VARIABLE)
    .default(DEFAULT_HOST);
  return withTls(command.addOption(host)).option('--json', 'for programs');
}

function switching(command: Command): Command {
  return reading(command)
    .option('--reason <text>', 'why; kept with the change')
    .option('--as <name>', 'who; the login name by default')
    .option('--dry-run', 'check, and change nothing');
}

function changing(command: Command): Command {
  return switching(command).option(
    '--expect-generation <number>',
    'refuse when another generation is in force',
    wholeNumber,
  );
}

/** Adds what operators do to a running host; docs/operate.md tells when. */
export function addOperatorCommands(program: Command, write: Write): void {
  addReading(program, write);
  addChanges(program, write);
  const shell = new Argument('<shell>').choices(SHELLS);
  program
    .command('completion')
    .description('print what makes a shell complete these commands, for its start-up file')
    .addArgument(shell)
    .action((value: Shell) => write(completionScript(value, program)));
}

function addReading(program: Command, write: Write): void {
  reading(program.command('status'))
    .description('state of a host and of every role')
    .action(async (options: ReadOptions) => write(await (await commands()).showStatus(options)));
  reading(program.command('plugins'))
    .description('plugins found, in use or refused')
    .action(async (options: ReadOptions) => write(await (await commands()).showPlugins(options)));
  reading(program.command('models'))
    .description('versions of models with labels, state and cost')
    .action(async (options: ReadOptions) => write(await (await commands()).showModels(options)));
  reading(program.command('sessions'))
    .description('open plans')
    .action(async (options: ReadOptions) => write(await (await commands()).showSessions(options)));
  reading(program.command('generations'))
    .description('configurations as they were, or the text of one')
    .argument('[generation]', 'print the text of this one', wholeNumber)
    .option('--limit <number>', 'newest so many; 0: all', wholeNumber, 20)
    .option('--refused', 'changes that were refused instead')
    .action(async (generation: number | undefined, options: GenerationsOptions) =>
      write(await (await commands()).showGenerations(generation, options)),
    );
}

function addChanges(program: Command, write: Write): void {
  const change = async (value: ConfigChange, command: string, options: ChangeOptions) =>
    write(await (await commands()).changeConfiguration(value, command, options));
  for (const kind of ['enable', 'disable'] as const) {
    changing(program.command(kind))
      .description(
        kind === 'enable'
          ? 'switch a role on again, with the plugin and settings it last had'
          : 'switch a role off for plans that open from now on',
      )
      .addArgument(roleArgument())
      .action((role: Role, options: ChangeOptions) =>
        change({ kind, role }, `${kind} ${role}`, options),
      );
  }
  changing(program.command('use'))
    .description('serve a role by a plugin')
    .addArgument(roleArgument())
    .argument('<plugin>', 'PLUGIN, or PLUGIN@VERSION to be sure which is installed')
    .option('--model <name>', 'NAME, NAME@VERSION or NAME@LABEL; the plugin setting `model`')
    .action((role: Role, named: string, options: ChangeOptions & { model?: string }) => {
      const [plugin, pluginVersion] = splitAt(named);
      const { model } = options;
      const more = model === undefined ? '' : ` --model ${model}`;
      const command = `use ${role} ${named}${more}`;
      return change({ kind: 'use', role, plugin, pluginVersion, model }, command, options);
    });
  changing(program.command('label'))
    .description('point a label at a version of a model, which must become ready')
    .arguments('<model> <label> <version>')
    .action((model: string, label: string, version: string, options: ChangeOptions) =>
      change(
        { kind: 'label', model, label, version },
        `label ${model} ${label} ${version}`,
        options,
      ),
    );
  changing(program.command('reload'))
    .description('read the configuration file again; plugins and models are found anew')
    .action((options: ChangeOptions) => change({ kind: 'reload' }, 'reload', options));
  changing(program.command('rollback'))
    .description('go back to an earlier generation, by default the one before the current')
    .argument('[generation]', 'see `generations`', wholeNumber)
    .action((generation: number | undefined, options: ChangeOptions) =>
      change({ kind: 'rollback', generation }, `rollback ${generation ?? ''}`.trim(), options),
    );
  for (const kind of ['stop', 'resume'] as const) {
    switching(program.command(`${kind}-advice`))
      .description(
        kind === 'stop'
          ? 'the kill switch: no more advice, from the next question of every open plan on'
          : 'advise plans again that open from now on',
      )
      .action(async (options: SwitchOptions) =>
        write(await (await commands()).switchAdvice(kind, options)),
      );
  }
}
