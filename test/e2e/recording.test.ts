// The real optimizer under the real host: what is recorded is what was computed, and recording changes no bit.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readMetadata, readTable } from '../../src/storage/recordings/parquet/read-trajectory.js';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, type PlanResult, runRtmodel } from '../support/rtmodel.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SECRETS = /^\./;

const directory = mkdtempSync(join(tmpdir(), 'dh-advisor-recordings-'));
const phantom = new PhantomCase();
const other = new PhantomCase();
const hosts: HostProcess[] = [];

beforeAll(() => Promise.all([phantom.create(), other.create('c-shape', 2)]));
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop();
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
  phantom.dispose();
  other.dispose();
});

async function startRecording(roles = CLASSICAL): Promise<HostProcess> {
  const host = new HostProcess(roles, `recording: { enabled: true, directory: '${directory}' }`);
  hosts.push(host);
  return host.start();
}

function plan(of: PhantomCase, host: HostProcess, ...more: string[]): Promise<PlanResult> {
  return of.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT, ...more]);
}

/** What `trajectory list` says. */
async function listed(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const args = [join(root, 'dist/src/main.js'), 'trajectory', 'list', directory, '--json'];
  return JSON.parse((await execa('node', args)).stdout) as [];
}

/** Resolves once `isSo` holds; looks when something in the directory changes. */
function until(isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(directory, look);
    look();
  });
}

/** The folder of a plan's trajectory, once the host has made it. */
async function trajectoryOf(result: PlanResult): Promise<string> {
  const folder = join(directory, result.advice.session_id);
  // The recording goes when the disk has the folder; between the two both are listed.
  await until(() => existsSync(folder) && !existsSync(`${folder}.recording`));
  return folder;
}

describe('a recorded plan', () => {
  it('holds the trace, the counts and the weights of its result', async () => {
    const host = await startRecording('  early-stopping: { plugin: off }\n');
    const result = await plan(phantom, host, '--may-record', '--patient-key=c-shape');
    const folder = await trajectoryOf(result);
    const metadata = await readMetadata(folder);
    expect(metadata).toMatchObject({ outcome: 'finished', is_complete: true, solver: 'dh' });
    expect(metadata.final_objective).toBe(result.objective);
    expect(metadata.finish).toMatchObject({
      iterations: result.total.iterations,
      value_calls: result.total.value_calls,
      gradient_calls: result.total.gradient_calls,
      call_equivalents: result.total.call_equivalents,
      reference_objective: result.reference_objective,
    });
    expect(metadata.finish?.metrics.find(({ name }) => name === 'D95')?.value).toBeGreaterThan(0);
    expect(metadata.patient_id).not.toContain('c-shape');
    const rows = await readTable(folder, 'iterations');
    for (const column of ['objective', 'level', 'stage', 'iteration'] as const) {
      expect(
        rows.map((row) => row[column]),
        column,
      ).toEqual(result.trace[column]);
    }
    const beamlets = await readTable(folder, 'beamlets');
    expect(beamlets.map((row) => row['final_weight'])).toEqual(result.final_weights);
    expect(rows.at(-1)?.['weights']).toEqual([...Float32Array.from(result.final_weights)]);
    const stages = await readTable(folder, 'stages');
    expect(stages.map((row) => row['level'])).toEqual(result.stages.map(({ level }) => level));
  });

  it('is the plan it would be unrecorded, bit for bit, and only a client that agrees is recorded', async () => {
    const host = await startRecording();
    const silent = await plan(phantom, host);
    const recorded = await plan(phantom, host, '--may-record');
    expect(recorded.final_weights).toEqual(silent.final_weights);
    await trajectoryOf(recorded);
    expect((await listed()).map((entry) => entry['session_id'])).toEqual([
      recorded.advice.session_id,
    ]);
  });

  it('may run beside another', async () => {
    const host = await startRecording();
    const [one, two] = await Promise.all([
      plan(phantom, host, '--may-record'),
      plan(other, host, '--may-record', '--solver=lbfgs'),
    ]);
    for (const result of [one, two]) {
      const beamlets = await readTable(await trajectoryOf(result), 'beamlets');
      expect(beamlets.map((row) => row['final_weight'])).toEqual(result.final_weights);
    }
  });
});

it('a collection is recorded, variants of a case under one patient', async () => {
  const host = await startRecording('  early-stopping: { plugin: off }\n');
  const args = ['--out', join(phantom.folder, 'results'), '--jobs=2', '--variants=beams=5,beams=7'];
  const coarse = ['--beamlet-mm=10', '--max-iterations=3', `--advisor=${host.address}`];
  await runRtmodel(['collect', phantom.folder, ...args, ...coarse]);
  await until(
    () => readdirSync(directory).filter((name) => /^[0-9a-f-]{36}$/.test(name)).length === 2,
  );
  const sessions = await listed();
  expect(sessions).toMatchObject([{ is_complete: true }, { is_complete: true }]);
  const patients = new Set(sessions.map((entry) => entry['patient_id']));
  expect(patients.size).toBe(1);
  expect([...patients][0]).toMatch(/^[0-9a-f]{32}$/);
});

it('a host that is killed in mid-plan loses nothing it had; the next one recovers it as lost', async () => {
  const host = await startRecording('  early-stopping: { plugin: off }\n');
  const running = other.optimize(
    [`--advisor=${host.address}`, ...PATIENT_CLIENT, '--may-record'],
    120,
  );
  const bytes = () =>
    readdirSync(directory)
      .filter((name) => name.endsWith('.recording'))
      .map((name) => statSync(join(directory, name)).size)[0] ?? 0;
  await until(() => bytes() > 40_000);
  await host.crash();
  const left = bytes();
  expect(left).toBeGreaterThan(40_000);
  const [before] = await listed();
  expect(before).toMatchObject({ state: 'recording' });

  const next = await startRecording();
  const id = String(before?.['session_id']);
  await until(() => existsSync(join(directory, id)));
  await until(() => readdirSync(directory).filter((name) => !SECRETS.test(name)).length === 1);
  expect(await listed()).toMatchObject([
    { session_id: id, state: 'trajectory', outcome: 'lost', is_complete: false },
  ]);
  // Counted a moment after the folder is there.
  while (!(await next.metrics()).includes('dh_advisor_recordings_total{result="recovered"} 1'));
  // The optimizer never noticed but for the advice: it made its plan alone.
  const result = await running;
  expect(result.advice.status).not.toBe('ok');
  const rows = await readTable(join(directory, id), 'iterations');
  expect(rows.map((row) => row['objective'])).toEqual(
    result.trace['objective'].slice(0, rows.length),
  );
});
