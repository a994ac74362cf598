// The commands of docs/cases-from-anywhere.md, word for word, on files as other programs write them: each source is
// imported, planned with advice, and given back.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';
import { blocksOf } from '../support/guide.js';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, type PlanResult } from '../support/rtmodel.js';

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-cases-'));
const python = join(root, '.venv/bin');
const host = new HostProcess(CLASSICAL);
const blocks = blocksOf('docs/cases-from-anywhere.md');
const [planned, others] = blocks.filter(({ language }) => language === 'sh');
const shown = blocks.find(({ text }) => text.startsWith('DICOM: '));

function shell(script: string) {
  const path = [python, join(root, 'build/cpp/rtmodel'), process.env['PATH'] ?? ''];
  const env = { PATH: path.join(delimiter) };
  return execa('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env });
}

/** Plans a case that was imported, coarsely, and reads the result. */
async function plan(name: string): Promise<PlanResult> {
  const out = join(folder, 'advised.json');
  const options = ['--beamlet-mm=10', '--solver=lbfgs', '--threads=1', '--quiet', `--out=${out}`];
  const advice = [`--advisor=${host.address}`, '--require-advice', ...PATIENT_CLIENT];
  await shell(`rtmodel optimize cases/${name} ${[...options, ...advice].join(' ')}`);
  return JSON.parse(readFileSync(out, 'utf8')) as PlanResult;
}

function expectAdvised(result: PlanResult) {
  expect(result.advice.status).toBe('ok');
  const accepted = result.advice.roles.reduce((sum, role) => sum + role.accepted, 0);
  expect(accepted).toBeGreaterThan(0);
}

beforeAll(async () => {
  const script = join(root, 'python/cases/tests/write_sources.py');
  await Promise.all([host.start(), execa(join(python, 'python'), [script, folder])]);
}, 90_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  expect(await host.stop()).toBe(0);
});

describe('docs/cases-from-anywhere.md', () => {
  it('imports a DICOM set, plans it with advice and gives dose and weights back', {
    timeout: 90_000,
  }, async () => {
    const script = planned?.text.replace(
      '127.0.0.1:50151',
      `${host.address} ${PATIENT_CLIENT.join(' ')}`,
    );
    expect(script).toContain(host.address);
    const { stdout } = await shell(script ?? 'false');
    expect(stdout).toContain(shown?.text);
    const result = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as PlanResult;
    expectAdvised(result);
    const weights = readFileSync(join(folder, 'exported/weights.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(weights.slice(1).map((row) => Number(row.split(',').at(-1)))).toEqual(
      result.final_weights,
    );
    for (const name of ['dose.nii.gz', 'dose.dcm']) {
      expect(existsSync(join(folder, 'exported', name))).toBe(true);
    }
  });

  it('gives back the dose that the plan reports, to a thousandth', async () => {
    const script = join(root, 'python/cases/tests/compare_dose.py');
    const { stdout } = await execa(join(python, 'python'), [script, folder]);
    const {
      largest_difference: difference,
      mean_gy: mean,
      reported_mean_gy: reported,
    } = JSON.parse(stdout);
    expect(difference).toBeLessThan(1e-3);
    expect(Math.abs(mean / reported - 1)).toBeLessThan(1e-3);
  });

  it('imports every other source, and each can be planned with advice', {
    timeout: 120_000,
  }, async () => {
    await shell(others?.text ?? 'false');
    // One of more structures than an advisor's masks hold.
    await shell('dh-cases import many-masks --out cases/many-masks');
    for (const name of ['matrad', 'masks', 'many-masks', 'labels', 'openkbp/pt_201'])
      expectAdvised(await plan(name));
    expect(existsSync(join(folder, 'cases/openkbp/pt_202/case.json'))).toBe(true);
  });
});
