import { type Command, Option } from 'commander';
import type { Write } from '../operator-options.js';
import type { ReplayOptions } from './replay-commands.js';

// Loaded when the command runs, so that --help answers at once.
const commands = () => import('./replay-commands.js');

const several = (text: string, before: readonly string[] | undefined) => [...(before ?? []), text];

/** Adds the command that sends recorded sessions through versions once more; docs/replay.md tells what the answers mean. */
export function addReplayCommand(program: Command, write: Write): void {
  program
    .command('replay')
    .description('send recorded sessions through plugins and models once more; see docs/replay.md')
    .argument('<recordings...>', 'recordings folders, trajectories or *.recording files')
    .option('-c, --config <file>', 'plugins, models and experiments; by default the host’s own')
    .addOption(
      new Option(
        '--arm <arm>',
        'EXPERIMENT=ARM of the configuration, or `recorded` (as without any arm); may be repeated',
      ).argParser(several),
    )
    .addOption(
      new Option(
        '--set <role=plugin[@model]>',
        'such as initialization=warm-start@3; repeated ones make one arm',
      ).argParser(several),
    )
    .addOption(
      new Option('--with <file>', 'the roles of another configuration; may be repeated').argParser(
        several,
      ),
    )
    .addOption(new Option('--markdown', 'tables for a document').conflicts('json'))
    .option('--json', 'for programs')
    .action(async (paths: string[], options: ReplayOptions) => {
      const { text, isSound } = await (await commands()).replay(paths, options);
      write(text);
      if (!isSound) process.exitCode = 1;
      // A plugin that hangs may hold the event loop; everything worth waiting for is done once this is written.
      process.stdout.write('', () => process.exit());
    });
}
