// The main job: starts the host, plans one case with dH's program and with L-BFGS, each with and without advice, and compares.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { Listr } from 'listr2';
import { ArmHosts } from './arm-hosts.mjs';
import {
  armsOf,
  planArm,
  RTMODEL,
  readResult,
  resultFile,
  summarize,
  tabulate,
} from './plan-arms.mjs';

const HELP = `npm run demo -- [CASE] [OPTIONS]
  CASE            case folder; without one a head-and-neck phantom is made
  --full          plan the whole target in three dimensions (minutes), by the reference dH instead of dH's program
  --config FILE   the host's configuration, on free ports (config/host.yaml; for the reference dH config/profiles/dh-reference.yaml)
  --seed N        of the phantom (1)
  --out DIR       results, summary.json and pictures (out/demo)
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    config: { type: 'string' },
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
const arms = armsOf(options.full);
mkdirSync(folder, { recursive: true });

const hosts = new ArmHosts(arms, join(folder, 'hosts'), options.config);
const tasks = new Listr(
  [
    {
      title: `head-and-neck phantom, seed ${options.seed}`,
      enabled: () => positionals.length === 0,
      task: () =>
        execa(RTMODEL, ['phantom', '--kind=head-neck', `--seed=${options.seed}`, casePath]),
    },
    {
      title: `host with ${hosts.configs.join(', another with ')}`,
      task: () => hosts.start(),
    },
    ...arms.map((arm) => ({
      title: arm.title,
      task: (_context, task) =>
        planArm(arm, {
          casePath,
          folder,
          address: hosts.addressOf(arm),
          full: options.full,
          report: (line) => {
            task.output = line;
          },
        }),
    })),
    {
      title: 'pictures',
      task: () =>
        execa(RTMODEL, ['plot', ...arms.map((arm) => resultFile(arm, folder)), `--out=${folder}`]),
    },
  ],
  { fallbackRenderer: 'simple' },
);

// What ends the demo must not leave its hosts behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    hosts.stop();
    process.kill(process.pid, signal);
  });
}

try {
  await tasks.run();
} catch (error) {
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  hosts.stop();
}
if (process.exitCode) process.exit();

const results = arms.map((arm) => readResult(arm, folder));
const summaries = summarize(arms, results);
const summary = join(folder, 'summary.json');
writeFileSync(`${summary}.part`, `${JSON.stringify({ arms: summaries }, null, 1)}\n`);
renameSync(`${summary}.part`, summary);
process.stdout.write(`\n${tabulate(summaries)}\n`);
for (const [index, arm] of arms.entries()) {
  const { missing } = results[index].advice;
  if (missing) process.stdout.write(`${arm.name} had not all advice: ${missing}\n`);
}
if (!options.full) {
  process.stdout.write(
    "dH's program plans with its own beamlets and goals: F_ref of the two solvers is not comparable.\n",
  );
}
process.stdout.write(`${summary}, ${join(folder, 'dvh.png')}\n`);
