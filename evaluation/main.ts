import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ARMS, type Arm, FIDELITIES, type Fidelity, referenceOf, selectArms } from './arms/arms.js';
import { evaluate } from './evaluate.js';
import { evaluateOod } from './ood/evaluate-ood.js';
import { findCases, makePhantoms, PHANTOM_IDS } from './runs/cases.js';
import { HostConfigurations, refusalOf } from './runs/host-configuration.js';

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function atLeast(lowest: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < lowest) {
      throw new InvalidArgumentError(`give a whole number of at least ${lowest}`);
    }
    return value;
  };
}

const program = new Command('evaluate')
  .description('Cost and quality of arms side by side, from raw runs. Research software.')
  .option('--cases <dir>', 'folder of case folders; a few phantoms are made without it')
  .option('--ids <ids>', 'only these cases, separated by commas', list)
  .option('--limit <n>', 'only the first n plannable cases', atLeast(1))
  .option('--training <dir>', 'folder of training cases, for arms that start from their plans')
  .option('--arms <names>', 'only these arms, separated by commas; all without it', list)
  .addOption(
    new Option(
      '--fidelity <which>',
      'exact, or shipped: dH as its program is, with arms of its own',
    )
      .choices(FIDELITIES)
      .default('exact'),
  )
  .option(
    '--reference-arm <name>',
    'whose final F_ref is the goal of all; dh, or dh-shipped with --fidelity shipped',
  )
  .option('--no-long', 'no long runs: F* is then the best of the arms asked for')
  .option('--config <file>', 'host configuration that the arms start from', 'config/host.yaml')
  .option('--full', 'whole targets in three dimensions', false)
  .option('--beamlet-mm <b>', 'spacing of the beamlets, mm')
  .option('--prescription <file>', 'goals of all plans instead of the built-in ones')
  .option('--threads <n>', 'threads of one plan; never changes a result', atLeast(1), 1)
  .option('--jobs <n>', 'plans at a time', atLeast(1), 1)
  .option('--repeats <n>', 'runs of each arm on each case', atLeast(1), 1)
  .option('--timing <n>', 'afterwards, n runs of each one at a time, for times', atLeast(0), 0)
  .option('--out <dir>', 'raw runs, summary, tables and pictures', 'out/evaluate')
  .addOption(
    new Option('--resume', 'go on with the runs in OUT (what happens anyway)').conflicts('fresh'),
  )
  .option('--fresh', 'throw away the runs in OUT first', false)
  .option('--ood', 'cases that no model was trained on instead, with and without advice', false)
  .option('--dry-run', 'say what would be run', false)
  .option('--list-arms', 'say which arms there are and which can be run', false);

const options = program.parse().opts<{
  cases?: string;
  ids?: readonly string[];
  limit?: number;
  training?: string;
  arms?: readonly string[];
  fidelity: Fidelity;
  referenceArm?: string;
  long: boolean;
  config: string;
  full: boolean;
  beamletMm?: string;
  prescription?: string;
  threads: number;
  jobs: number;
  repeats: number;
  timing: number;
  out: string;
  resume?: boolean;
  fresh: boolean;
  ood: boolean;
  dryRun: boolean;
  listArms: boolean;
}>();

const say = (line: string) => process.stderr.write(`${line}\n`);

async function listArms(): Promise<void> {
  const configurations = new HostConfigurations(options.config, join(options.out, 'hosts'));
  for (const arm of ARMS) {
    const hasHost = configurations.pluginsOf(arm).size > 0;
    const refusal = hasHost ? await refusalOf(configurations.write(arm, 'counts')) : undefined;
    const state = refusal === undefined ? '' : `; unavailable: ${refusal}`;
    process.stdout.write(`${arm.name.padEnd(34)} ${arm.kind.padEnd(9)} ${arm.title}${state}\n`);
  }
}

/** What would be run. */
function sayPlan(arms: readonly Arm[], ids: readonly string[]): void {
  const { repeats, timing } = options;
  say(arms.map(({ name }) => name).join(', '));
  say(`on ${ids.join(', ')}`);
  say(`${repeats} repeat(s), ${timing} timed; into ${options.out}`);
}

async function run(): Promise<number> {
  if (!existsSync('dist/src/main.js')) throw new Error('the host is not built; run npm run build');
  const { fidelity, long } = options;
  const reference = options.referenceArm ?? referenceOf(fidelity);
  const arms = selectArms(options.arms, reference, long, fidelity);
  if (options.listArms) {
    await listArms();
    return 0;
  }
  if (options.dryRun && options.cases === undefined) {
    const isWanted = (id: string) => options.ids?.includes(id) ?? true;
    sayPlan(arms, PHANTOM_IDS.filter(isWanted).slice(0, options.limit));
    return 0;
  }
  const folder = options.cases ?? (await makePhantoms(join(options.out, 'cases')));
  if (!existsSync(folder)) throw new Error(`${folder}: no such folder; give --cases`);
  const found = findCases(folder, options.ids, options.limit);
  if (found.cases.length === 0) {
    throw new Error(`${folder}: holds no plannable case (${readdirSync(folder).length} entries)`);
  }
  for (const { id, reason } of found.leftOut) say(`${id}: left out: ${reason}`);
  if (options.dryRun) {
    sayPlan(
      arms,
      found.cases.map(({ id }) => id),
    );
    return 0;
  }
  const failures = await (options.ood ? evaluateOod : evaluate)(
    {
      arms,
      ...found,
      training: options.training ? findCases(options.training).cases : [],
      reference,
      repeats: options.repeats,
      timingRepeats: options.timing,
      jobs: options.jobs,
      planOptions: [
        ...(options.full ? ['--full'] : []),
        ...(options.beamletMm ? [`--beamlet-mm=${options.beamletMm}`] : []),
        ...(options.prescription ? [`--prescription=${options.prescription}`] : []),
        `--threads=${options.threads}`,
      ],
      config: options.config,
      out: options.out,
      isFresh: options.fresh,
    },
    say,
  );
  return failures > 0 ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    say('interrupted: finished runs are kept; the same command goes on with the others');
    // Ends as without a listener, and with it the plans and hosts that run.
    process.kill(process.pid, signal);
  });
}

try {
  process.exitCode = await run();
} catch (thrown) {
  say(`evaluate: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  process.exitCode = 2;
}
