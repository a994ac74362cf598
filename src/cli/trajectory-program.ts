import { type Command, Option } from 'commander';
import type { Write } from './operator-options.js';
import type { ExportOptions } from './trajectory-commands.js';

// Loaded when a command runs, so that --help answers at once.
const recordings = () => import('./trajectory-commands.js');

/** Adds what reads the recordings of ended sessions; docs/trajectories.md says what is in them. */
export function addTrajectoryCommands(program: Command, write: Write): void {
  const trajectory = program
    .command('trajectory')
    .description('look at what the host recorded; see docs/trajectories.md');

  trajectory
    .command('list')
    .description('list the sessions of a recording directory')
    .argument('<dir>')
    .option('--json', 'for programs')
    .action(async (dir: string, { json = false }: { json?: boolean }) => {
      write(await (await recordings()).listTrajectories(dir, json));
    });

  trajectory
    .command('show')
    .description('sum up one session')
    .argument('<path>', 'folder of a trajectory, a file in it, or a *.recording')
    .option('--json', 'everything known of the session as a whole')
    .action(async (path: string, { json = false }: { json?: boolean }) => {
      write(await (await recordings()).showTrajectory(path, json));
    });

  trajectory
    .command('query')
    .description(
      'ask all trajectories of a directory by SQL (DuckDB); tables: sessions, iterations, stages, beamlets',
    )
    .argument('<sql>', 'one SELECT; docs/trajectory-columns.md lists the columns')
    .option('--directory <dir>', 'of recordings', 'trajectories')
    .option('--json', 'an object a row')
    .action(async (sql: string, options: { directory: string; json?: boolean }) => {
      const { text, notice } = await (await recordings()).runQuery(sql, options);
      if (notice !== '') process.stderr.write(`${notice}\n`);
      write(text);
    });

  trajectory
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
}
