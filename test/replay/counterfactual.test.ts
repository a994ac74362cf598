// Recorded sessions through other versions: what is told of agreement and effect is what can be counted by hand.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snake } from '../../src/domain/snake-case.js';
import type { ArmReplay } from '../../src/experiments/replay/arm-comparison.js';
import { readMetadata, readTable } from '../../src/storage/recordings/parquet/read-trajectory.js';
import { PhantomCase, type PlanResult } from '../support/rtmodel.js';
import { RecordingHost, replay } from './recorded-sessions.js';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const PATIENT = 'deadline_ms: 10000';
const ROLES = `  initialization: { plugin: constant-start, settings: { fraction: 0.1 }, ${PATIENT} }
  histogram-sigma: { plugin: constant-sigma, settings: { factor: 1 }, ${PATIENT} }
  early-stopping: { plugin: objective-floor, ${PATIENT} }
`;
const EXPERIMENT = `optimization: { convergence_threshold: 0.5 }
envelope: { stop_minimum_iterations: 3, stop_patience: 1 }
experiments:
  - id: sigmas
    unit: plan
    arms:
      - { id: plain, weight: 1 }
      - { id: wide, weight: 1, roles: { histogram-sigma: { settings: { factor: 1.5 } } } }
    control: plain
    shadow_arms: [{ id: wider, roles: { histogram-sigma: { settings: { factor: 2 } } } }]
    primary: { metric: call_equivalents }
    start: { not_before: "2999-01-01T00:00:00Z" }
`;

const phantom = new PhantomCase();
const recording = new RecordingHost(ROLES, EXPERIMENT);
let plan: PlanResult;
let folder = '';

beforeAll(async () => {
  await phantom.create();
  await recording.start();
  plan = await recording.plan(phantom, '--solver=dh');
  folder = dirname(recording.journal(plan));
}, 60_000);
afterAll(async () => {
  await recording.dispose();
  phantom.dispose();
});

async function through(...args: string[]) {
  const command = [recording.directory, '--json', '-c', recording.host.configFile, ...args];
  const { stdout, stderr, exitCode } = await replay(...command);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as readonly Snake<ArmReplay>[];
}

/** A configuration with other roles, in a file of its own. */
function otherConfig(name: string, roles: string): string {
  const file = join(dirname(recording.host.configFile), name);
  const directories = `plugins: { directories: ['${fixtures}/plugins', '${fixtures}/faulty-plugins'] }`;
  writeFileSync(file, `version: 1\n${directories}\nroles:\n${roles}`);
  return file;
}

describe('agreement', () => {
  it('of another sigma is the ratio of the two, by arms of an experiment and shadow arms', async () => {
    const arms = ['--arm', 'sigmas=plain', '--arm', 'sigmas=wide', '--arm', 'sigmas=wider'];
    const [plain, wide, wider] = await through(...arms);
    const structures = (await readMetadata(folder)).anatomy.structures.length;
    const ratio = (value: number, same: number) => [
      {
        role: 'histogram-sigma',
        questions: 1,
        same,
        same_kind: 1,
        sigma_ratio: { count: structures, median: value, low: value, high: value },
      },
    ];
    expect(plain?.roles).toMatchObject(ratio(1, 1));
    expect(wide?.roles).toMatchObject(ratio(1.5, 0));
    expect(wider?.roles).toMatchObject(ratio(2, 0));
    expect(wide?.stops).toBeNull();
  });

  it('of another start is its relative distance', async () => {
    const file = otherConfig(
      'start.yaml',
      '  initialization: { plugin: constant-start, settings: { fraction: 0.125 } }\n',
    );
    const [result] = await through('--with', file);
    const start = result?.roles.find(({ role }) => role === 'initialization');
    expect(start?.questions).toBe(plan.stages.filter(({ level }) => level >= 0).length);
    expect(start?.same).toBe(0);
    // 0.125 over 0.1 less 1, for every beamlet.
    expect(start?.relative_distance.low).toBeCloseTo(0.25, 12);
    expect(start?.relative_distance.high).toBeCloseTo(0.25, 12);
    const sigma = result?.roles.find(({ role }) => role === 'histogram-sigma');
    expect(sigma).toMatchObject({ served_by: 'off', outcomes: { 'applied -> none': 1 } });
  });

  it('of the recorded version itself is whole', async () => {
    const results = await through('--set', 'initialization=constant-start', '--arm', 'recorded');
    expect(results).toMatchObject([
      { arm: 'recorded', different_sessions: 0 },
      { arm: 'initialization=constant-start', is_recorded: false },
    ]);
    const [role] = results[1]?.roles ?? [];
    expect(role?.same_share).toBe(1);
  });
});

describe('the effect of another stop', () => {
  it('is what stands behind it in the recording', async () => {
    const iterations = await readTable(folder, 'iterations');
    const stages = await readTable(folder, 'stages');
    const last = iterations.filter((row) => row['stage'] === stages.at(-1)?.['stage']);
    // Reached by the finest stage five iterations before its end.
    const file = (floor: number) =>
      otherConfig(
        'floor.yaml',
        `  early-stopping: { plugin: objective-floor, settings: { floor: ${floor} } }\n`,
      );
    const at = last.at(-6);
    const floor = Number(at?.['objective']);
    const [result] = await through('--with', file(floor));
    const expected = { iterations: 0, calls: 0, loss: 0 };
    const { finish } = await readMetadata(folder);
    const share =
      (Number(finish?.call_equivalents) - Number(finish?.gradient_calls)) /
      Number(finish?.value_calls);
    for (const stage of stages) {
      const own = iterations.filter((row) => row['stage'] === stage['stage']);
      const stop = own.findIndex((row) => Number(row['objective']) <= floor);
      const [here, end] = [own[stop], own.at(-1)];
      if (here === undefined || end === undefined) continue;
      const passed = own.findIndex((_, index) => index >= stop && isPassed(own, index));
      const from = own[passed];
      if (from === undefined) continue;
      const more = (of: string) => Number(end[of]) - Number(from[of]);
      expected.iterations += more('iteration');
      expected.calls += more('gradient_calls') + share * more('value_calls');
      const loss = Number(from['objective']) / Number(stage['objective']) - 1;
      expected.loss = Math.max(expected.loss, loss);
    }
    expect(result?.stops).toMatchObject({
      plans: 1,
      unpredictable: {},
      low: null,
      high: null,
      saved_iterations: expected.iterations,
      recorded_iterations: finish?.iterations,
    });
    expect(expected.iterations).toBeGreaterThan(0);
    expect(result?.stops?.saved_call_equivalents).toBeCloseTo(expected.calls, 9);
    expect(result?.stops?.objective_loss.median).toBeCloseTo(expected.loss, 12);
    const whole = Number(finish?.call_equivalents);
    expect(result?.stops?.cost_ratio).toBeCloseTo((whole - expected.calls) / whole, 12);
  });
});

/** The recorded bounds of the envelope: enough iterations, and little gained in the last. */
function isPassed(own: readonly Readonly<Record<string, unknown>>[], index: number): boolean {
  const [before, now] = [own[index - 1], own[index]].map((row) => Number(row?.['objective']));
  if (before === undefined || now === undefined) return false;
  return index + 1 >= 3 && (before - now) / Math.abs(now) <= 0.5;
}

describe('what can not be typed so', () => {
  it.each([
    [['--arm', 'sigmas=none'], /known arms: recorded, sigmas=plain, sigmas=wide, sigmas=wider/],
    [
      ['--set', 'stopping=plateau'],
      /write ROLE=PLUGIN or ROLE=PLUGIN@MODEL; roles: initialization/,
    ],
    [['--set', 'early-stopping=nobody'], /no plugin directory or package has it/],
    [['--set', 'early-stopping=convergence@99'], /convergence@99/],
    [['--set', 'early-stopping=plateau@convergence@1'], /plateau/],
  ])('%s is refused with what is known', async (args, message) => {
    const command = [recording.directory, '-c', recording.host.configFile, ...args];
    const { stderr, exitCode } = await replay(...command);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('is nothing to replay with');
  });

  it('nor a folder without sessions, or none', async () => {
    expect((await replay(fixtures)).stderr).toBe(`${fixtures} holds no session that was recorded.`);
    expect((await replay('/nowhere')).stderr).toBe('There is no /nowhere.');
  });
});

it('what a version wants and the recording lacks leaves the role out, and says so', async () => {
  const { stdout, exitCode } = await replay(
    recording.directory,
    '-c',
    recording.host.configFile,
    '--json',
    '--set',
    'step-direction=lbfgs',
    '--set',
    'early-stopping=plateau',
  );
  const [result] = JSON.parse(stdout) as readonly Snake<ArmReplay>[];
  expect(exitCode).toBe(0);
  // Recorded for training alone, so in single precision.
  expect(result?.notes.join()).toContain('single precision');
  const thin = new RecordingHost(ROLES, '', ', tensors: [variance]');
  await thin.start();
  await thin.plan(phantom, '--solver=lbfgs');
  const other = await replay(
    thin.directory,
    '-c',
    thin.host.configFile,
    '--json',
    '--set',
    'step-direction=lbfgs',
    '--set',
    'early-stopping=plateau',
  );
  await thin.dispose();
  const [left] = JSON.parse(other.stdout) as readonly Snake<ArmReplay>[];
  expect(left?.roles.map(({ role }) => role)).toEqual(['early-stopping']);
  expect(left?.notes.join()).toContain('step-direction wants weights and gradient');
});
