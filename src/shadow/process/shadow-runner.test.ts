import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FinishCounts } from '../../domain/advice/stop-effect.js';
import type { RoleOverrides } from '../../domain/experiments/experiments.js';
import type { HostConfig } from '../../domain/host-config.js';
import type { PreparedModels } from '../../domain/operations/activation.js';
import { fakeModels } from '../../domain/testing/fake-models.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import { testConfig } from '../../domain/testing/test-config.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { PluginHost } from '../../host/plugins/plugin-host.js';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import { FakeClock, fakePlan, recordedRun } from '../../plugin-sdk/testing/index.js';
import type { FromShadows, ServedAdvices } from '../shadow-messages.js';
import { ShadowRunner } from './shadow-runner.js';
import { ShadowSets } from './shadow-sets.js';

const fixtures = (folder: string) =>
  fileURLToPath(new URL(`../../../test/fixtures/${folder}`, import.meta.url));

const uses = (plugin: string, settings = {}) => ({ plugin, model: undefined, settings });

function configOf(arms: Readonly<Record<string, RoleOverrides>>): HostConfig {
  const shadowArms = Object.entries(arms).map(([id, roles]) => ({ id, roles }));
  return testConfig({
    directories: [fixtures('faulty-plugins')],
    roles: { initialization: { plugin: 'constant-start', settings: { fraction: 0.5 } } },
    experiments: [testExperiment({ shadowArms })],
  });
}

const FULLER = { initialization: uses('constant-start', { fraction: 1 }) };
const THROWS = { 'early-stopping': uses('faulty-stopping', { fault: 'throw' }) };
const FLOOR = { 'early-stopping': uses('objective-floor') };

/** A runner with the fixture plugins that has prepared and committed a configuration, and what it said. */
async function running(config: HostConfig) {
  const clock = new FakeClock();
  const log = new FakeLog();
  const said: FromShadows[] = [];
  const services = { clock, log, metrics: new CountingMetrics(), random: seededRandom };
  const home = { builtInDirectory: fixtures('plugins'), packagesFrom: fixtures('') };
  const none = { view: fakeModels(), faults: [], commit: () => undefined };
  const prepare = async (): Promise<PreparedModels> => ({
    ...none,
    discard: async () => undefined,
  });
  const plugins = new PluginHost(services, home);
  let closed = 0;
  const runner = new ShadowRunner({
    sets: new ShadowSets(plugins, { prepare }),
    clock,
    log,
    send: (message) => said.push(message),
    yieldToEventLoop: () => new Promise((resolve) => setImmediate(resolve)),
    onClosed: () => {
      closed += 1;
    },
  });
  const heard = async <K extends FromShadows['kind']>(kind: K, times = 1) => {
    const found = () =>
      said.filter((message): message is Extract<FromShadows, { kind: K }> => message.kind === kind);
    while (found().length < times) await new Promise((next) => setImmediate(next));
    return found().at(times - 1) as Extract<FromShadows, { kind: K }>;
  };
  let preparation = 0;
  const load = async (of: HostConfig) => {
    preparation += 1;
    runner.handle({ kind: 'prepare', preparation, config: of });
    const prepared = await heard('prepared', preparation);
    runner.handle({ kind: 'commit', preparation });
    return prepared;
  };
  const prepared = await load(config);
  const open = (key: number, ...arms: readonly string[]) =>
    runner.handle({
      kind: 'open',
      key,
      preparation,
      sessionId: `s${key}`,
      seed: 3,
      plan: fakePlan(),
      arms: arms.map((arm) => ({ experiment: 'warm-start-2', arm, wanted: [] })),
    });
  const play = (
    key: number,
    advices: ServedAdvices | undefined,
    iterations = 6,
    finish: FinishCounts | undefined = undefined,
  ) => {
    for (const event of recordedRun({ iterations })) {
      runner.handle({ kind: 'item', key, item: { kind: 'event', event, advices }, bytes: 10 });
    }
    runner.handle({ kind: 'item', key, item: { kind: 'end', finish }, bytes: 0 });
  };
  return { runner, prepared, heard, load, open, play, said, log, closed: () => closed };
}

const served = (fraction: number): ServedAdvices => ({
  initialization: {
    outcome: 'applied',
    value: { weights: new Float64Array(4).fill(fraction * 0.2) },
  },
});

describe('a shadow arm', () => {
  it('is asked what a serving arm is asked, and compared question by question', async () => {
    const { open, play, heard, prepared } = await running(configOf({ fuller: FULLER }));
    expect(prepared.refused).toEqual([]);
    expect(prepared.ready).toMatchObject([{ arm: 'fuller', roles: [{ role: 'initialization' }] }]);
    open(1, 'fuller');
    play(1, served(0.5));
    const { arms } = await heard('outcome');
    expect(arms).toHaveLength(1);
    const [role] = arms[0]?.roles ?? [];
    // Two levels: eight beamlets, which can't be compared with four weights, and four that are twice as heavy.
    expect(role).toMatchObject({ role: 'initialization', questions: 2, agreed: 0 });
    expect(role?.outcomes).toEqual({ applied: 2 });
    expect(role?.difference).toEqual({ count: 1, mean: 1, max: 1 });
  });

  it('agrees with a role that is off while it says nothing, and differs when it speaks', async () => {
    const { open, play, heard } = await running(configOf({ fuller: FULLER, throws: THROWS }));
    open(1, 'fuller', 'throws');
    play(1, {});
    const { arms } = await heard('outcome');
    expect(arms.map(({ roles }) => [roles[0]?.questions, roles[0]?.agreed])).toEqual([
      [2, 0],
      [12, 12],
    ]);
  });

  it('that throws spoils neither its session nor the other arms', async () => {
    const config = configOf({ throws: THROWS, fuller: FULLER });
    const { open, play, heard, log } = await running(config);
    open(1, 'throws', 'fuller');
    play(1, {});
    const { arms } = await heard('outcome');
    const outcomes = arms.map(({ roles }) => roles[0]?.outcomes);
    expect(outcomes).toEqual([{ failed: 3, disabled: 9 }, { applied: 2 }]);
    expect(log.lines.some(({ message }) => message === 'plugin failed')).toBe(true);
  });

  it('tells where it would have stopped, and how far the stage went', async () => {
    const stops = { 'early-stopping': uses('objective-floor', { floor: 1e9 }) };
    const { open, play, heard } = await running(configOf({ stops }));
    open(1, 'stops');
    play(1, {}, 12);
    const { arms } = await heard('outcome');
    const [role] = arms[0]?.roles ?? [];
    expect(role?.stops.length).toBeGreaterThan(0);
    for (const stop of role?.stops ?? []) {
      expect(stop.iteration).toBeLessThan(12);
      expect(stop.served).toMatchObject({ iterations: 12 });
    }
  });

  it('knows what the plan would have cost where its stops say so', async () => {
    // Two stages of twelve iterations, a value and a gradient call each.
    const whole = { iterations: 24, valueCalls: 24, gradientCalls: 24, callEquivalents: 36 };
    const at = (floor: number) => ({ 'early-stopping': uses('objective-floor', { floor }) });
    const arms = { atOnce: at(1e9), never: at(0), fuller: FULLER };
    const { open, play, heard } = await running(configOf(arms));
    open(1, 'atOnce', 'never', 'fuller');
    play(1, {}, 12, whole);
    const metrics = (await heard('outcome')).arms.map((arm) => arm.metrics);
    expect(metrics).toEqual([
      // The envelope lets no stop pass before the sixth iteration of a stage.
      { iterations: 12, call_equivalents: 18 },
      { iterations: 24, call_equivalents: 36 },
      {},
    ]);
    open(2, 'atOnce');
    play(2, {}, 12);
    expect((await heard('outcome', 2)).arms[0]?.metrics).toEqual({});
  });

  it('that would have gone on where the plan was stopped knows no metrics', async () => {
    const never = { 'early-stopping': uses('objective-floor', { floor: 0 }) };
    const { open, heard, runner } = await running(configOf({ never }));
    open(1, 'never');
    for (const event of recordedRun({ iterations: 4 })) {
      const sent = event.kind === 'level-end' ? { ...event, stopReason: 'advice' as const } : event;
      const item = { kind: 'event' as const, event: sent, advices: {} };
      runner.handle({ kind: 'item', key: 1, item, bytes: 10 });
    }
    const finish = { iterations: 8, valueCalls: 8, gradientCalls: 8, callEquivalents: 12 };
    runner.handle({ kind: 'item', key: 1, item: { kind: 'end', finish }, bytes: 0 });
    expect((await heard('outcome')).arms[0]?.metrics).toEqual({});
  });

  it('keeps its plugins over a reload until its session ends', async () => {
    const { open, play, heard, load } = await running(configOf({ fuller: FULLER }));
    open(1, 'fuller');
    await load(configOf({ floor: FLOOR }));
    play(1, served(1));
    expect((await heard('outcome')).arms[0]?.roles[0]?.outcomes).toEqual({ applied: 2 });
    open(2, 'floor');
    play(2, {});
    expect((await heard('outcome', 2)).arms[0]?.arm).toBe('floor');
  });

  it('whose plugin is not there, or wants volumes, is refused with its place; others are not', async () => {
    const broken = { initialization: uses('nowhere') };
    const watcher = { 'histogram-sigma': uses('constant-sigma', { needs_ct: true }) };
    const { prepared } = await running(configOf({ broken, watcher, fuller: FULLER }));
    expect(prepared.ready.map(({ arm }) => arm)).toEqual(['fuller']);
    const [first] = prepared.refused;
    expect(first?.path).toEqual(['experiments', 0, 'shadow_arms', 0, 'roles', 'initialization']);
    expect(first?.problem).toMatch(/^role initialization: .*nowhere/);
    expect(prepared.refused[1]?.problem).toBe(
      'a plugin of it wants ct, and volumes are not copied for shadow arms',
    );
  });
});

describe('the runner', () => {
  it('tells what has left the queue, also of sessions that were dropped', async () => {
    const { open, play, said, heard, runner } = await running(configOf({ fuller: FULLER }));
    open(1, 'fuller');
    runner.handle({ kind: 'drop', key: 1 });
    play(1, {});
    open(2, 'fuller');
    play(2, {});
    await heard('outcome');
    await heard('done');
    const done = said.flatMap((message) => (message.kind === 'done' ? [message] : []));
    const events = 2 * recordedRun({ iterations: 6 }).length;
    expect(done.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(10 * events);
    expect(done.reduce((sum, { items }) => sum + items, 0)).toBe(events + 2);
  });

  it('asks no plugin while advice is stopped', async () => {
    const { open, play, heard, runner } = await running(configOf({ fuller: FULLER }));
    runner.handle({ kind: 'stop', isStopped: true });
    open(1, 'fuller');
    play(1, {});
    expect((await heard('outcome')).arms[0]?.roles[0]?.outcomes).toEqual({ disabled: 2 });
  });

  it('fails a session that opens under a configuration that is gone', async () => {
    const { runner, heard } = await running(configOf({ fuller: FULLER }));
    const opening = { sessionId: 's', seed: 1, plan: fakePlan(), arms: [] };
    runner.handle({ kind: 'open', key: 9, preparation: 77, ...opening });
    expect(await heard('failed')).toMatchObject({ key: 9 });
  });

  it('discards what was only tried, and closes once', async () => {
    const { runner, closed, heard } = await running(configOf({ fuller: FULLER }));
    runner.handle({ kind: 'prepare', preparation: 5, config: configOf({ floor: FLOOR }) });
    await heard('prepared', 2);
    runner.handle({ kind: 'discard', preparation: 5 });
    runner.handle({ kind: 'close' });
    expect(closed()).toBe(1);
  });
});
