// The benchmark `trial` small: real hosts and optimizers, one of each killed, and two hosts on one PostgreSQL.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-trial-'));
  // The shipped model under another version: this is about arms and outcomes, and training takes its time.
  cpSync(join(root, 'models/warm-start/1'), join(folder, 'old'), { recursive: true });
  const yaml = join(folder, 'old/model.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace(/^version: '1'/m, "version: '0.1'"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function trial<Part>(part: string, name: string, plans: number): Promise<Part> {
  const out = join(folder, part);
  const args = [`--plans=${plans}`, `--parts=${part}`, `--out=${out}`];
  const main = join(root, 'dist/evaluation/trial/main.js');
  const { exitCode, stdout, stderr } = await execa(
    'node',
    [main, ...args, `--old-model=${join(folder, 'old')}`],
    { cwd: root, reject: false },
  );
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  const said = JSON.parse(readFileSync(join(out, 'trial.json'), 'utf8')) as Record<string, unknown>;
  expect(said['isSound']).toBe(true);
  return said[name] as Part;
}

it('finishes every plan and counts every session once when hosts and optimizers are killed', {
  timeout: 300_000,
}, async () => {
  const { hostKills, counts } = await trial<{
    readonly hostKills: number;
    readonly counts: Readonly<Record<string, number>> & {
      readonly arms: Readonly<Record<'old' | 'new', Readonly<Record<string, number>>>>;
    };
  }>('trial', 'trial', 12);
  expect([hostKills, counts['optimizersKilled']]).toEqual([2, 1]);
  expect(counts['unitsWithSeveralSessions']).toBeGreaterThan(0);
  const { old: control, new: candidate } = counts.arms;
  const ended = [control, candidate].flatMap((arm) => [arm['finished'] ?? 0, arm['lost'] ?? 0]);
  expect(ended.reduce((sum, n) => sum + n, 0)).toBe(counts['sessions']);
  expect(Math.min(control['units'] ?? 0, candidate['units'] ?? 0)).toBeGreaterThan(0);
});

it('gives a unit the same arm on two hosts that share a PostgreSQL', {
  timeout: 300_000,
}, async () => {
  const found = await trial<{
    readonly servedByBoth: number;
    readonly arms: Readonly<Record<string, number>>;
  }>('two-hosts', 'twoHosts', 10);
  expect(Object.keys(found.arms).toSorted()).toEqual(['new', 'old']);
});
