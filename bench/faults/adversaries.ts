import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { RTMODEL } from '../../evaluation/programs.js';
import { ArmHost } from '../../evaluation/runs/arm-host.js';
import { ROLES, type Role } from '../../src/plugin-sdk/role.js';
import type { FaultRow } from './summary.js';

export type Solver = 'dh' | 'lbfgs';

/** In which ways the plugins of `test/fixtures/adversaries` answer. */
export const WAYS = [
  'always',
  'never',
  'late',
  'null',
  'nan',
  'throws',
  'hangs',
  'exits',
  'loops',
] as const;
export type Way = (typeof WAYS)[number];

/** Ways after which there is no host any more, where the plugin runs in its process. */
const DEADLY: readonly Way[] = ['exits', 'loops'];
/** What a comparison of two sums in another order may differ by. */
const TOLERANCE = 1e-9;

export interface AdversaryTask {
  readonly way: Way;
  readonly solver: Solver;
  /** `default`: the solver's own. */
  readonly quality: 'strict' | 'default';
  readonly roles: readonly Role[];
  /** It runs in the host's own process, and takes the host along when it ends; absent: in one of its own, as plugins of others do. */
  readonly isInline?: boolean;
}

export interface PlannedCase {
  readonly path: string;
  /** F_ref of the plan without an advisor. */
  readonly alone: number;
}

interface Result {
  readonly reference_objective: number;
  readonly safeguard: { readonly is_taken: boolean } | null;
  readonly advice: { readonly roles: readonly { readonly accepted: number }[] };
}

/** Makes phantoms and plans each alone. */
export async function planAlone(
  folder: string,
  solver: Solver,
  count: number,
  options: readonly string[],
): Promise<readonly PlannedCase[]> {
  const kinds = ['c-shape', 'head-neck', 'prostate'];
  const cases: PlannedCase[] = [];
  for (let n = 0; n < count; n += 1) {
    const kind = kinds[n % kinds.length] ?? '';
    const path = join(folder, `${kind}-${n}`);
    await execa(RTMODEL, ['phantom', `--kind=${kind}`, `--seed=${n + 1}`, path]);
    const result = await optimize(
      path,
      [`--solver=${solver}`, ...options],
      join(folder, 'alone.json'),
    );
    cases.push({ path, alone: result.reference_objective });
  }
  return cases;
}

async function optimize(path: string, options: readonly string[], out: string): Promise<Result> {
  await execa(RTMODEL, ['optimize', path, ...options, '--threads=1', '--quiet', `--out=${out}`], {
    env: { OMP_WAIT_POLICY: 'passive' },
  });
  return JSON.parse(readFileSync(out, 'utf8')) as Result;
}

function hostText({ way, roles, isInline = false }: AdversaryTask): string {
  const fixtures = resolve('test/fixtures/adversaries');
  const bound = ROLES.filter((role) => roles.includes(role)).map(
    (role) => `  ${role}: { plugin: adversary-${role}, settings: { how: '${way}' } }`,
  );
  return [
    'version: 1',
    "server: { address: '127.0.0.1:0', drain_ms: 100 }",
    "operator: { address: '127.0.0.1:0' }",
    "http: { address: '127.0.0.1:0' }",
    `plugins: { directories: ['${fixtures}'], isolation: { default: ${isInline ? 'inline' : 'process'} } }`,
    'roles:',
    ...bound,
    '',
  ].join('\n');
}

/**
 * Plans every case with an adversary in the roles, at shipped deadlines. A run fails when it has no plan, or one that ends above
 * the plan without advice.
 */
export async function tryAdversary(
  folder: string,
  task: AdversaryTask,
  cases: readonly PlannedCase[],
  options: readonly string[],
): Promise<FaultRow> {
  const { way, solver, quality, roles, isInline = false } = task;
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'host.yaml');
  writeFileSync(config, hostText(task));
  const chosen = quality === 'strict' ? ['--quality=strict'] : [];
  let host: ArmHost | undefined;
  let [failures, accepted, taken, worst] = [0, 0, 0, 0];
  let problem = '';
  for (const { path, alone } of cases) {
    try {
      host ??= await ArmHost.start(config);
      const args = [`--solver=${solver}`, ...options, ...chosen, `--advisor=${host.address}`];
      const result = await optimize(path, args, join(folder, 'advised.json'));
      const ratio = result.reference_objective / alone;
      worst = Math.max(worst, ratio);
      accepted += result.advice.roles.reduce((sum, role) => sum + role.accepted, 0);
      taken += result.safeguard?.is_taken ? 1 : 0;
      if (!(ratio <= 1 + TOLERANCE)) throw new Error(`${path} ended at ${ratio} of the plan alone`);
    } catch (thrown) {
      failures += 1;
      problem ||= `; first: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    }
    if (isInline && DEADLY.includes(way)) {
      await host?.kill();
      host = undefined;
    }
  }
  await host?.stop();
  const whose = roles.length === ROLES.length ? 'all roles' : roles.join(', ');
  const measured = `F_ref at most ${worst.toFixed(9)} of that alone, ${accepted} pieces of advice accepted, the plan alone kept ${taken} times`;
  return {
    name: `a plugin that ${way === 'always' || way === 'never' || way === 'late' ? `answers ${way}` : way === 'null' || way === 'nan' ? `answers ${way === 'nan' ? 'NaN' : way}` : way}${isInline ? ' and takes the host along' : ''}, ${whose}, ${solver}, ${quality} quality`,
    runs: cases.length,
    failures,
    note: `${measured}${problem}`,
  };
}
