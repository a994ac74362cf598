// The main job: starts the host, plans one case with both solvers with and without advice, and compares.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { Listr } from 'listr2';
import {
  ARMS,
  planArm,
  RTMODEL,
  readResult,
  resultFile,
  summarize,
  tabulate,
} from '../bench/plan-arms.mjs';
import { startHost } from '../bench/servers.mjs';

const HELP = `npm run demo -- [CASE] [OPTIONS]
  CASE            case folder; without one a head-and-neck phantom is made
  --full          plan the whole target in three dimensions (minutes: dH alone takes hundreds of iterations)
  --config FILE   the host's configuration (config/host.yaml), on free ports
  --seed N        of the phantom (1)
  --out DIR       results, summary.json and pictures (out/demo)
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    config: { type: 'string', default: 'config/host.yaml' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'out/demo' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit();
}

const folder = options.out;
const casePath = positionals[0] ?? join(folder, 'case');
mkdirSync(folder, { recursive: true });

let host;
const tasks = new Listr(
  [
    {
      title: `head-and-neck phantom, seed ${options.seed}`,
      enabled: () => positionals.length === 0,
      task: () =>
        execa(RTMODEL, ['phantom', '--kind=head-neck', `--seed=${options.seed}`, casePath]),
    },
    {
      title: `host with ${options.config}`,
      task: async () => {
        if (!existsSync(options.config)) throw new Error(`no configuration ${options.config}`);
        host = await startHost(options.config);
      },
    },
    ...ARMS.map((arm) => ({
      title: arm.title,
      task: (_context, task) =>
        planArm(arm, {
          casePath,
          folder,
          address: host.address,
          full: options.full,
          report: (line) => {
            task.output = line;
          },
        }),
    })),
    {
      title: 'pictures',
      task: () =>
        execa(RTMODEL, ['plot', ...ARMS.map((arm) => resultFile(arm, folder)), `--out=${folder}`]),
    },
  ],
  { fallbackRenderer: 'simple' },
);

try {
  await tasks.run();
} finally {
  host?.stop();
}

const arms = ARMS.map((arm) => summarize(arm, readResult(arm, folder)));
writeFileSync(join(folder, 'summary.json'), `${JSON.stringify({ arms }, null, 1)}\n`);
process.stdout.write(`\n${tabulate(arms)}\n`);
process.stdout.write(`${join(folder, 'summary.json')}, ${join(folder, 'dvh.png')}\n`);
