import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = join(root, 'test/fixtures/trajectories');
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
  readonly session_id: string;
  readonly final_weights: readonly number[];
  readonly trace: { readonly objective: readonly number[] };
};
const session = expected.session_id;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The compiled command, as a person runs it. */
function trajectories(...args: string[]) {
  const command = [join(root, 'dist/src/main.js'), 'trajectory', ...args];
  return execa('node', command, { reject: false });
}

describe('list', () => {
  it('shows every session, with those that are damaged', async () => {
    const directory = join(folder, 'mixed');
    cpSync(join(fixtures, session), join(directory, session), { recursive: true });
    cpSync(join(fixtures, session), join(directory, 'torn'), { recursive: true });
    truncateSync(join(directory, 'torn', 'iterations.parquet'), 1000);
    writeFileSync(join(directory, 'rubbish.recording'), 'rubbish');
    const { stdout, exitCode } = await trajectories('list', directory);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`${session}.* dh .*finished`));
    expect(stdout).toMatch(/torn .*damaged/);
    expect(stdout).toMatch(/rubbish .*damaged/);
    const json = JSON.parse((await trajectories('list', directory, '--json')).stdout);
    expect(json).toHaveLength(3);
    expect(json[0]).toMatchObject({ session_id: session, outcome: 'finished', is_complete: true });
  });

  it('says when a directory is missing or empty', async () => {
    const missing = await trajectories('list', join(folder, 'nowhere'));
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toBe(`There is no ${join(folder, 'nowhere')}.`);
    expect((await trajectories('list', join(root, 'docs'))).stdout).toContain('no trajectories in');
  });
});

describe('show', () => {
  it('sums up a session for people, and tells programs everything', async () => {
    const { stdout } = await trajectories('show', join(fixtures, session));
    expect(stdout).toContain('step-direction: lbfgs');
    expect(stdout).toMatch(/PTV50 .*target/);
    const metadata = JSON.parse(
      (await trajectories('show', join(fixtures, session), '--json')).stdout,
    );
    expect(metadata).toMatchObject({ format: 'dh-trajectory', session_id: session });
  });

  it('names what is no trajectory', async () => {
    const parquet = await trajectories('show', join(fixtures, session, '..', 'expected.json'));
    expect(parquet.exitCode).toBe(1);
    expect(parquet.stderr).toContain('holds no iterations.parquet');
    writeFileSync(join(folder, 'x.recording'), 'rubbish');
    const recording = await trajectories('show', join(folder, 'x.recording'));
    expect(recording.exitCode).toBe(1);
    expect(recording.stderr).toContain('has no readable beginning');
  });
});

describe('export', () => {
  it('writes the layout of the first collector', async () => {
    const out = join(folder, 'seed');
    const args = ['--format', 'seed-json', '--out', out];
    const { stderr, exitCode } = await trajectories('export', fixtures, ...args);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('1 exported');
    const [name] = readdirSync(out);
    expect(name).toBe(`${session}_trajectory.json`);
    const written = JSON.parse(readFileSync(join(out, String(name)), 'utf8'));
    expect(Object.keys(written)).toEqual([
      'patient_id',
      'anatomy',
      'iterations',
      'final_weights',
      'final_objective',
    ]);
    expect(Object.keys(written.iterations[0]).slice(0, 7)).toEqual([
      'iteration',
      'objective',
      'gradient_norm',
      'weights',
      'search_direction',
      'step_size',
      'adaptive_variance',
    ]);
    expect(written.final_weights).toEqual(expected.final_weights);
    expect(written.iterations.map(({ objective }: { objective: number }) => objective)).toEqual(
      expected.trace.objective,
    );
  });

  it('writes a line an iteration, to a file or to standard output', async () => {
    const out = join(folder, 'all.jsonl');
    await trajectories('export', fixtures, '--format', 'jsonl', '--out', out);
    const { stdout } = await trajectories('export', fixtures, '--format', 'jsonl');
    expect(`${stdout}\n`).toBe(readFileSync(out, 'utf8'));
    const lines = stdout.split('\n').map((line) => JSON.parse(line));
    expect(lines).toHaveLength(expected.trace.objective.length);
    expect(lines[0]).toMatchObject({ session_id: session, iteration: 0 });
  });

  it('refuses a format it does not know, and a folder that is not named', async () => {
    const unknown = await trajectories('export', fixtures, '--format', 'csv');
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain('jsonl, seed-json');
    const nameless = await trajectories('export', fixtures, '--format', 'seed-json');
    expect(nameless.exitCode).toBe(1);
    expect(nameless.stderr).toContain('name a folder with --out');
  });
});

describe('query', () => {
  function directoryOf(name: string): string {
    const directory = join(folder, name);
    for (const copy of [session, 'another']) {
      cpSync(join(fixtures, session), join(directory, copy), { recursive: true });
    }
    return directory;
  }

  it('asks all trajectories at once, joined by session', async () => {
    const directory = directoryOf('queried');
    const sql =
      'select session, solver, count(*) as n, max(i.gradient_calls) as calls from iterations i join sessions using (session) group by all order by session';
    const { stdout, stderr, exitCode } = await trajectories(
      'query',
      sql,
      '--directory',
      directory,
      '--json',
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const rows = stdout.split('\n').map((line) => JSON.parse(line));
    expect(rows.map((row) => row.session).sort()).toEqual(['another', session].sort());
    const iterations = expected.trace.objective.length;
    expect(rows.map((row) => row.n)).toEqual([iterations, iterations]);
    expect(rows[0].calls).toBeGreaterThan(0);
    const table = await trajectories('query', 'select 1 as one', '--directory', directory);
    expect(table.stdout).toMatch(/one[^1]+1/);
  });

  it('leaves out what is damaged, and says so', async () => {
    const directory = directoryOf('torn-query');
    truncateSync(join(directory, 'another', 'iterations.parquet'), 1000);
    const count = 'select count(distinct session) as n from stages';
    const { stdout, stderr } = await trajectories(
      'query',
      count,
      '--directory',
      directory,
      '--json',
    );
    expect(JSON.parse(stdout)).toEqual({ n: 1 });
    expect(stderr).toMatch(/left out.*another/);
  });

  it.each([
    ["copy stages to 'OUT'", /query cannot be answered/],
    ['drop view stages', /is no SELECT/],
    ["select * from read_csv('/etc/passwd')", /query cannot be answered/],
    ["attach 'OUT' as other", /is no SELECT/],
    ['select 1; select 2', /has 2 statements/],
    ['select nothing from stages', /nothing/],
    ['set enable_external_access = true', /is no SELECT/],
  ])('refuses %s', async (sql, problem) => {
    const directory = directoryOf('guarded');
    const out = join(folder, 'written.csv');
    const asked = sql.replace('OUT', out);
    const { stderr, exitCode } = await trajectories('query', asked, '--directory', directory);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(problem);
    expect(readdirSync(folder)).not.toContain('written.csv');
  });

  it('says where nothing is', async () => {
    const { stderr, exitCode } = await trajectories('query', 'select 1', '--directory', folder);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/There is no trajectory in/);
  });
});
