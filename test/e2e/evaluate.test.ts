import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perturbCase } from '../../evaluation/ood/perturb-case.js';
import { PERTURBATIONS } from '../../evaluation/ood/perturbations.js';
import { runRtmodel } from '../support/rtmodel.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Line {
  readonly pass: string;
  readonly arm: string;
  readonly case: string;
  readonly repeat: number;
  readonly result: {
    readonly reference_objective: number;
    readonly total: {
      readonly iterations: number;
      readonly call_equivalents: number;
      readonly total_ms: number;
    };
    readonly trace: {
      readonly call_equivalents: readonly number[];
      readonly reference_objective: readonly number[];
    };
    readonly advice: { readonly bindings: readonly { readonly plugin: string }[] };
  };
}

interface Summary {
  readonly reference: string;
  readonly timesFrom: string;
  readonly arms: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  readonly failures: readonly { readonly arm: string; readonly case: string }[];
  readonly unavailable: readonly { readonly arm: string; readonly reason: string }[];
}

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-evaluate-'));
  // Without a model a learned arm can't be run.
  mkdirSync(join(folder, 'no-models'));
  writeFileSync(join(folder, 'host.yaml'), 'version: 1\nmodels: { directory: no-models }\n');
  for (const seed of [1, 2]) {
    const path = join(folder, 'cases', `c-shape-${seed}`);
    await runRtmodel(['phantom', '--kind=c-shape', `--seed=${seed}`, path]);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function evaluate(out: string, args: readonly string[], cases = join(folder, 'cases')) {
  const config = `--config=${join(folder, 'host.yaml')}`;
  const all = [`--cases=${cases}`, `--out=${out}`, config, '--beamlet-mm=15', '--no-long', ...args];
  return execa('node', [join(root, 'dist/evaluation/main.js'), ...all], {
    cwd: root,
    reject: false,
  });
}

const read = (out: string) => readFileSync(join(out, 'runs.jsonl'), 'utf8');
const linesOf = (out: string): readonly Line[] =>
  read(out)
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line);
const summaryOf = (out: string) =>
  JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;

describe('npm run evaluate', () => {
  const arms =
    '--arms=dh-incremental,dh-reference-classical,lbfgs-prepared,oracle-stop,lbfgs-step-direction';
  let out = '';
  let summary: Summary;
  let lines: readonly Line[];
  beforeAll(async () => {
    out = join(folder, 'out');
    const { exitCode, stderr } = await evaluate(out, [arms, '--reference-arm=dh-incremental']);
    expect(exitCode, stderr).toBe(0);
    summary = summaryOf(out);
    lines = linesOf(out);
  }, 120_000);

  it('says the same as the raw lines', () => {
    expect(summary.reference).toBe('dh-incremental');
    expect(lines).toHaveLength(6);
    const of = (arm: string, id: string) => {
      const line = lines.find((candidate) => candidate.arm === arm && candidate.case === id);
      if (!line) throw new Error(`no line of ${arm} on ${id}`);
      return line.result;
    };
    for (const arm of ['dh-incremental', 'dh-reference-classical', 'lbfgs-prepared']) {
      const costs = ['c-shape-1', 'c-shape-2'].map((id) => {
        const { trace } = of(arm, id);
        const goal = 1.01 * of('dh-incremental', id).reference_objective;
        const index = trace.reference_objective.findIndex((value) => value <= goal);
        return index < 0 ? Infinity : (trace.call_equivalents[index] ?? Infinity);
      });
      const ratios = ['c-shape-1', 'c-shape-2'].map(
        (id) => of(arm, id).reference_objective / of('dh-incremental', id).reference_objective,
      );
      const mean = (costs.reduce((sum, cost) => sum + cost, 0) ?? 0) / 2;
      expect(summary.arms[arm]).toMatchObject({
        patients: 2,
        reached: costs.filter(Number.isFinite).length,
        medianCallEquivalents: Number.isFinite(mean) ? mean : null,
        worstFRefRatio: Math.max(...ratios),
      });
    }
  });

  it('gives an advised arm the plugins of its host and no other', () => {
    const advised = lines.filter(({ result }) => result.advice.bindings.length > 0);
    expect(new Set(advised.map(({ arm }) => arm))).toEqual(new Set(['dh-reference-classical']));
    expect(advised[0]?.result.advice.bindings.map(({ plugin }) => plugin)).toContain('lbfgs');
  });

  it('works a perfect stop out of the run it is of', () => {
    const stopped = summary.arms['oracle-stop'];
    const whole = summary.arms['lbfgs-prepared'];
    expect(lines.some(({ arm }) => arm === 'oracle-stop')).toBe(false);
    expect(Number(stopped?.['medianIterations'])).toBeLessThan(Number(whole?.['medianIterations']));
  });

  it('names an arm that can not be run here, with the reason', () => {
    expect(summary.unavailable).toEqual([
      { arm: 'lbfgs-step-direction', reason: expect.stringContaining('learned-direction') },
    ]);
    expect(summary.arms).not.toHaveProperty('lbfgs-step-direction');
  });

  it('writes tables and pictures', () => {
    const tables = readFileSync(join(out, 'tables.md'), 'utf8');
    expect(tables).toContain('| dh-reference-classical');
    expect(tables).toContain('lbfgs-step-direction: unavailable');
    const pictures = ['performance-profile', 'cost-quality', 'dvh-bands', 'paired-differences'];
    for (const picture of pictures) {
      const svg = readFileSync(join(out, `${picture}.svg`), 'utf8');
      expect(svg.startsWith('<svg')).toBe(true);
      expect(svg).toContain('<path');
    }
  });

  it('repeats nothing that is there', async () => {
    const before = read(out);
    const { stderr } = await evaluate(out, [arms, '--reference-arm=dh-incremental']);
    expect(stderr).toContain('0 run(s) made');
    expect(read(out)).toBe(before);
  });
});

it('goes on after a kill: every run once, a torn line tolerated', async () => {
  const killed = join(folder, 'killed');
  const args = ['--arms=dh-reference-classical,lbfgs-annealed', '--reference-arm=lbfgs-annealed'];
  mkdirSync(killed);
  writeFileSync(join(killed, 'runs.jsonl'), '');
  const watcher = watch(join(killed, 'runs.jsonl'));
  const first = evaluate(killed, args);
  await once(watcher, 'change');
  watcher.close();
  first.kill('SIGKILL');
  await first;
  const survived = linesOf(killed).length;
  expect(survived).toBeGreaterThan(0);
  expect(survived).toBeLessThan(4);
  appendFileSync(join(killed, 'runs.jsonl'), '{"format":"evaluate-run","version":1,"arm":"dh-cl');
  const { exitCode, stderr } = await evaluate(killed, args);
  expect(exitCode, stderr).toBe(0);
  expect(linesOf(killed).map((line) => `${line.arm} ${line.case}`)).toEqual([
    'lbfgs-annealed c-shape-1',
    'lbfgs-annealed c-shape-2',
    'dh-reference-classical c-shape-1',
    'dh-reference-classical c-shape-2',
  ]);
}, 120_000);

it('names a case that fails, plans and times the others and ends with status 1', async () => {
  const [out, cases] = [join(folder, 'failing'), join(folder, 'with-broken')];
  cpSync(join(folder, 'cases'), cases, { recursive: true });
  rmSync(join(cases, 'c-shape-2', 'ct.nii.gz'));
  const args = ['--arms=lbfgs-annealed', '--reference-arm=lbfgs-annealed', '--timing=2'];
  const { exitCode, stderr } = await evaluate(out, args, cases);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/failed: lbfgs-annealed on c-shape-2: .*ct\.nii\.gz/);
  const summary = summaryOf(out);
  expect(new Set(summary.failures.map(({ case: id }) => id))).toEqual(new Set(['c-shape-2']));
  expect(summary.timesFrom).toBe('timing');
  const timed = linesOf(out).filter(({ pass }) => pass === 'timing');
  expect(timed.map(({ repeat }) => repeat)).toEqual([0, 1]);
  const [first = 0, second = 0] = timed.map(({ result }) => result.total.total_ms);
  expect(summary.arms['lbfgs-annealed']?.['medianWallMs']).toBeCloseTo((first + second) / 2, 9);
  expect(summary.arms['lbfgs-annealed']).toMatchObject({ patients: 1, reached: 1 });
  expect(existsSync(join(out, 'tables.md'))).toBe(true);
});

it('perturbs cases into cases that the optimizer reads, or refuses for their dose', async () => {
  const path = join(folder, 'cases', 'c-shape-1');
  const of = { id: 'c-shape-1', path, sha256: '' };
  const refused: string[] = [];
  const unchanged: string[] = [];
  for (const perturbation of PERTURBATIONS) {
    const made = await perturbCase(of, 0, perturbation, join(folder, 'perturbed'));
    if (!made) {
      unchanged.push(perturbation.name);
      continue;
    }
    const options = made.planOptions ?? [];
    const command = options.length > 0 ? 'info' : 'check';
    const { exitCode, stdout } = await execa(
      join(root, 'build/cpp/rtmodel/rtmodel'),
      [command, made.path, ...options],
      { reject: false },
    );
    if (exitCode !== 0) refused.push(perturbation.name);
    else if (perturbation.name === 'half-arc') expect(stdout).toContain('160');
  }
  expect(refused).toEqual(['tenfold-dose']);
  // A C-shape phantom has no organ with a left and a right one.
  expect(unchanged).toEqual(['swapped-sides']);
});
