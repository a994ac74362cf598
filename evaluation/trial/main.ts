// A real experiment: 200 plans in two arms of `warm-start` with hosts and optimizers killed, an arm that is bad on purpose, two
// hosts on one database, and the same two models compared directly.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SECRET_VARIABLE } from '../../src/storage/pseudonyms.js';
import { runBadArm } from './bad-arm.js';
import { compareDirectly, comparePrepared } from './compare.js';
import { readJson } from './evidence.js';
import { makeModels } from './models.js';
import { makePlans } from './phantoms.js';
import { checksOf, type Findings, tell } from './tell.js';
import { runTrial } from './trial.js';
import { TrialHost } from './trial-host.js';
import { runTwoHosts } from './two-hosts.js';

const PARTS = ['trial', 'bad-arm', 'two-hosts', 'direct', 'prepared'] as const;

const { values: options } = parseArgs({
  options: {
    plans: { type: 'string', default: '200' },
    'direct-plans': { type: 'string', default: '60' },
    jobs: { type: 'string', default: '3' },
    seed: { type: 'string', default: '20261125' },
    'host-kills': { type: 'string' },
    'optimizer-kills': { type: 'string' },
    'old-model': { type: 'string' },
    parts: { type: 'string', default: PARTS.join(',') },
    out: { type: 'string', default: 'out/bench' },
  },
});

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name} must be a whole number above 0`);
}

const say = (line: string) => process.stderr.write(`trial: ${line}\n`);

/** Parts of an earlier run of the same plans: those that are not asked for now stay. */
function keptFrom(file: string, of: { readonly plans: number; readonly seed: number }): Findings {
  if (!existsSync(file)) return {};
  const { plans, seed, trial, badArm, twoHosts, direct, prepared } = readJson<Findings & typeof of>(
    file,
  );
  if (plans !== of.plans || seed !== of.seed) return {};
  return {
    ...(trial && { trial }),
    ...(badArm && { badArm }),
    ...(twoHosts && { twoHosts }),
    ...(direct && { direct }),
    ...(prepared && { prepared }),
  };
}

async function run(): Promise<boolean> {
  const plansWanted = whole('plans', options.plans);
  const [jobs, seed] = [whole('jobs', options.jobs), whole('seed', options.seed)];
  const parts = new Set(options.parts.split(','));
  for (const part of parts) {
    if (!PARTS.some((one) => one === part)) throw new Error(`--parts: no ${part}; ${PARTS}`);
  }
  const kills = (name: 'host-kills' | 'optimizer-kills', oneIn: number) =>
    whole(name, options[name] ?? String(Math.max(1, Math.round(plansWanted / oneIn))));
  const out = resolve(options.out);
  const work = join(out, 'trial');
  // An experiment begins without a past; phantoms, the trained model and direct runs stay.
  const isLive = [...parts].some((part) => part !== 'direct' && part !== 'prepared');
  for (const name of isLive ? ['host', 'runs'] : []) {
    rmSync(join(work, name), { recursive: true, force: true });
  }
  mkdirSync(join(work, 'host'), { recursive: true });

  // The arms drawn depend on the secret that keys are hashed with: the same seed draws the same arms.
  process.env[SECRET_VARIABLE] = `npm run bench -- trial, seed ${seed}`;

  say('models and phantoms');
  const models = await makeModels(work, options['old-model']);
  const phantoms = join(work, 'phantoms');
  const plans = await makePlans(phantoms, plansWanted);
  const configFile = join(work, 'host/host.yaml');
  const storage = pathToFileURL(join(work, 'host/experiments.db')).href;
  const host = new TrialHost(configFile, {
    address: '127.0.0.1:0',
    models,
    storage,
    experiments: [],
  });
  const common = { host, configFile, storage, folder: join(work, 'runs'), plans, jobs, say };
  const file = join(out, 'trial.json');
  const found: Findings = keptFrom(file, { plans: plansWanted, seed });
  const isSound = () => checksOf(found).every(({ broken }) => broken.length === 0);
  const make = async <Part extends keyof Findings>(
    name: (typeof PARTS)[number],
    part: Part,
    run: () => Promise<Findings[Part]>,
  ) => {
    if (!parts.has(name)) return;
    say(`part ${name}`);
    const started = performance.now();
    found[part] = await run();
    say(`part ${name} took ${((performance.now() - started) / 1000).toFixed(0)} s`);
    // After each part: a later one that fails takes nothing along.
    const said = { plans: plansWanted, seed, jobs, isSound: isSound(), ...found };
    writeFileSync(file, `${JSON.stringify(said, null, 1)}\n`);
  };
  await make('trial', 'trial', () =>
    runTrial({
      ...common,
      seed,
      hostKills: kills('host-kills', 33),
      optimizerKills: kills('optimizer-kills', 12),
    }),
  );
  await make('bad-arm', 'badArm', () => runBadArm(common));
  await make('two-hosts', 'twoHosts', () =>
    runTwoHosts({ models, say, folder: join(work, 'host'), plans: plans.slice(0, 40) }),
  );
  // Paired runs tell more than randomised plans: fewer will do.
  const few = plans.slice(0, whole('direct-plans', options['direct-plans']));
  const direct = { models, phantoms, jobs, say, folder: join(work, 'direct'), plans: few };
  await make('direct', 'direct', () => compareDirectly(direct));
  await make('prepared', 'prepared', () => comparePrepared(direct));
  process.stdout.write(`${tell(found)}\n\n${join(options.out, 'trial.json')}\n`);
  return isSound();
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (thrown) {
  say(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  process.exitCode = 2;
}
