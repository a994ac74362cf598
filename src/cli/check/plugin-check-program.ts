import type { Command } from 'commander';
import type { Write } from '../operator-options.js';
import type { CheckedRule, CheckOptions } from './plugin-check.js';

/** Adds `plugin check`, which needs no host. */
export function addPluginCheck(plugin: Command, write: Write): void {
  plugin
    .command('check')
    .description(
      'play small runs to a plugin in a process of its own, and say which rules it keeps',
    )
    .argument('<folder>', 'the folder that holds plugin.json')
    .option('--python <command>', 'interpreter of a plugin in Python, with dh-advisor-plugin')
    .option('--config <file>', "a host's configuration: its models, and what a process may take")
    .action(async (folder: string, options: CheckOptions) => {
      // Loaded when the command runs, so that --help answers at once.
      const { checkPlugin } = await import('./plugin-check.js');
      const broken: CheckedRule[] = [];
      let count = 0;
      await checkPlugin(folder, options, (rule) => {
        count += 1;
        if (rule.problem !== undefined) broken.push(rule);
        const sign = rule.problem === undefined ? 'ok  ' : 'FAIL';
        write(`${sign} ${rule.name}${rule.problem === undefined ? '' : `: ${rule.problem}`}`);
      });
      write(`${count - broken.length} of ${count} rules kept`);
      // A plugin that hangs may hold the event loop; everything worth waiting for is done.
      process.exit(broken.length > 0 ? 1 : 0);
    });
}
