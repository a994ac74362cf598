import { Argument, type Command } from 'commander';
import type { ConfigChange } from '../domain/operations/operations.js';
import { ROLES, type Role } from '../plugin-sdk/role.js';
import { addPluginCheck } from './check/plugin-check-program.js';
import type { ChangeOptions, ReadOptions, SwitchOptions } from './operator-commands.js';
import { changing, reading, switching, type Write } from './operator-options.js';
import { addPlanReport } from './page/page-program.js';

// Loaded when a command runs, so that --help answers at once.
const commands = () => import('./operator-commands.js');

/** `name@what` -> both; what is undefined without the @. */
function splitAt(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('@');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Adds what operators do to a running host; docs/operate.md tells when. */
export function addOperatorCommands(program: Command, write: Write): void {
  reading(program.command('status'))
    .description('state of a host and of every role')
    .action(async (options: ReadOptions) => write(await (await commands()).showStatus(options)));
  addKillSwitch(program, write);
  addRoles(program.command('role').description('what serves a role: a plugin or nothing'), write);
  addModels(program.command('model').description('versions of models and their labels'), write);
  addPlugins(
    program.command('plugin').description('plugins: of a host, and one in the making'),
    write,
  );
  const session = program.command('session').description('plans that a host advises');
  addPlanReport(session, write);
  reading(session.command('list'))
    .description('open plans')
    .action(async (options: ReadOptions) => write(await (await commands()).showSessions(options)));
}

function addPlugins(plugin: Command, write: Write): void {
  reading(plugin.command('list'))
    .description('plugins found, in use or refused')
    .action(async (options: ReadOptions) => write(await (await commands()).showPlugins(options)));
  addPluginCheck(plugin, write);
}

function addRoles(role: Command, write: Write): void {
  const argument = () => new Argument('<role>').choices(ROLES);
  const change = async (value: ConfigChange, command: string, options: ChangeOptions) =>
    write(await (await commands()).changeConfiguration(value, command, options));
  changing(role.command('use'))
    .description('serve a role by a plugin')
    .addArgument(argument())
    .argument('<plugin>', 'PLUGIN, or PLUGIN@VERSION to be sure which is installed')
    .option('--model <name>', 'NAME, NAME@VERSION or NAME@LABEL; the plugin setting `model`')
    .action((name: Role, text: string, options: ChangeOptions & { model?: string }) => {
      const [plugin, pluginVersion] = splitAt(text);
      const { model } = options;
      const more = model === undefined ? '' : ` --model ${model}`;
      const command = `role use ${name} ${text}${more}`;
      return change({ kind: 'use', role: name, plugin, pluginVersion, model }, command, options);
    });
  changing(role.command('on'))
    .description('switch a role on again, with the plugin and settings it last had')
    .addArgument(argument())
    .action((name: Role, options: ChangeOptions) =>
      change({ kind: 'enable', role: name }, `role on ${name}`, options),
    );
  changing(role.command('off'))
    .description('switch a role off for plans that open from now on')
    .addArgument(argument())
    .action((name: Role, options: ChangeOptions) =>
      change({ kind: 'disable', role: name }, `role off ${name}`, options),
    );
}

function addModels(models: Command, write: Write): void {
  reading(models.command('list'))
    .description('versions of models with labels, state and cost')
    .action(async (options: ReadOptions) => write(await (await commands()).showModels(options)));
  changing(models.command('label'))
    .description('point a label at a version of a model, which must become ready')
    .arguments('<model> <label> <version>')
    .action(async (model: string, label: string, version: string, options: ChangeOptions) => {
      const change = { kind: 'label', model, label, version } as const;
      const command = `model label ${model} ${label} ${version}`;
      write(await (await commands()).changeConfiguration(change, command, options));
    });
}

/** At the top and in one word each: they are looked for in a hurry. */
function addKillSwitch(program: Command, write: Write): void {
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
