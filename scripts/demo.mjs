// The main job: starts the host, plans one case with both solvers with and without advice, and compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { execa } from 'execa';
import { Listr } from 'listr2';
import { startHost } from '../bench/servers.mjs';

const HELP = `npm run demo -- [CASE] [OPTIONS]
  CASE            case folder; without one a head-and-neck phantom is made
  --full          plan the whole target in three dimensions (minutes: dH alone takes hundreds of iterations)
  --config FILE   the host's configuration (config/host.yaml; its ports are replaced by free ones)
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

const rtmodel = 'build/cpp/rtmodel/rtmodel';
const casePath = positionals[0] ?? join(options.out, 'case');

const ARMS = [
  { name: 'dh', solver: 'dh', advice: false },
  { name: 'dh-classical', solver: 'dh', advice: true },
  { name: 'lbfgs', solver: 'lbfgs', advice: false },
  { name: 'lbfgs-classical', solver: 'lbfgs', advice: true },
];

const resultFile = ({ name }) => join(options.out, `${name}.json`);

/** Plans one arm; `report` gets the optimizer's progress lines. */
async function plan(arm, address, report) {
  const child = execa(
    rtmodel,
    [
      'optimize',
      casePath,
      `--solver=${arm.solver}`,
      `--out=${resultFile(arm)}`,
      ...(options.full ? ['--full'] : []),
      ...(arm.advice ? [`--advisor=${address}`] : []),
    ],
    { stdout: 'ignore' },
  );
  for await (const line of child.iterable({ from: 'stderr' })) report(line);
  await child;
}

function summarize(arm) {
  const { counts, referenceObjective, advice, metrics } = JSON.parse(
    readFileSync(resultFile(arm), 'utf8'),
  );
  return {
    name: arm.name,
    solver: arm.solver,
    advice: arm.advice,
    iterations: counts.iterations,
    valueCalls: counts.valueCalls,
    gradientCalls: counts.gradientCalls,
    callEquivalents: counts.callEquivalents,
    wallMs: counts.totalMs,
    fRef: referenceObjective,
    adviceApplied: advice.accepted,
    adviceRefused: advice.refused,
    metrics,
  };
}

function tabulate(arms) {
  const targets = arms[0].metrics.filter(({ role }) => role === 'target');
  const table = new Table({
    head: [
      'arm',
      'iterations',
      'call-equivalents',
      'ms',
      'F_ref',
      ...targets.map(({ structure }) => `${structure} D95 Gy`),
      'advice applied / refused',
    ],
    colAligns: ['left', ...new Array(4 + targets.length).fill('right'), 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const arm of arms) {
    table.push([
      arm.name,
      arm.iterations,
      arm.callEquivalents.toFixed(0),
      arm.wallMs.toFixed(0),
      arm.fRef.toFixed(3),
      ...targets.map(({ structure }) =>
        arm.metrics.find((of) => of.structure === structure).D95.toFixed(1),
      ),
      arm.advice ? `${arm.adviceApplied} / ${arm.adviceRefused}` : '-',
    ]);
  }
  return table.toString();
}

mkdirSync(options.out, { recursive: true });
let host;
const tasks = new Listr(
  [
    {
      title: `head-and-neck phantom, seed ${options.seed}`,
      enabled: () => positionals.length === 0,
      task: () =>
        execa(rtmodel, [
          'phantom',
          '--kind=head-neck',
          `--seed=${options.seed}`,
          '--force',
          casePath,
        ]),
    },
    {
      title: `host with ${options.config}`,
      task: async () => {
        if (!existsSync(options.config)) throw new Error(`no configuration ${options.config}`);
        host = await startHost(options.config, { args: ['--ephemeral'] });
      },
    },
    ...ARMS.map((arm) => ({
      title: arm.advice ? `${arm.solver} with advice` : `${arm.solver} alone`,
      task: (_context, task) =>
        plan(arm, host.address, (line) => {
          task.output = line;
        }),
    })),
    {
      title: 'pictures',
      task: () => execa(rtmodel, ['plot', ...ARMS.map(resultFile), `--out=${options.out}`]),
    },
  ],
  { fallbackRenderer: 'simple' },
);

try {
  await tasks.run();
} finally {
  host?.stop();
}

const arms = ARMS.map(summarize);
writeFileSync(join(options.out, 'summary.json'), `${JSON.stringify({ arms }, null, 1)}\n`);
process.stdout.write(`\n${tabulate(arms)}\n`);
process.stdout.write(`${join(options.out, 'summary.json')}, ${join(options.out, 'dvh.png')}\n`);
