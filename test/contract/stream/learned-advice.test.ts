import { readFileSync } from 'node:fs';
import type { Role } from '@dh-advisor/plugin-sdk';
import { fakePlan, recordedRun } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { type TestConfigOptions, testConfig } from '../../../src/domain/testing/test-config.js';
import { Outcome } from '../../../src/generated/dh/advisor/v1/Outcome.js';
import { TensorKind } from '../../../src/generated/dh/advisor/v1/TensorKind.js';
import { fixtureModels } from '../../support/model-repository.js';
import { fixtureFolder, startTestHost, type TestHost } from './testing/test-host.js';
import { wireEvent, wireFinish, wireStart } from './testing/wire-run.js';

const learned: Readonly<Partial<Record<Role, string>>> = {
  initialization: 'warm-start',
  'histogram-sigma': 'histogram-sigma',
  'pyramid-sigma': 'pyramid-sigma',
  'adaptive-variance': 'variance',
  'early-stopping': 'convergence',
};

/** So that every iteration of the short runs here asks the model. */
const settingsOf = (plugin: string) =>
  plugin === 'convergence' ? { settings: { every_iterations: 1 } } : {};

/** A host with every learned plugin over the fixture models. */
function startLearned(models: TestConfigOptions['models'] = {}): Promise<TestHost> {
  const roles = Object.fromEntries(
    Object.entries(learned).map(([role, plugin]) => [
      role,
      { plugin, deadlineMs: 2000, ...settingsOf(plugin) },
    ]),
  );
  const config = testConfig({ roles, models: { directory: fixtureModels, ...models } });
  return startTestHost(config, undefined, fixtureFolder('../../dist/plugins'));
}

/** A host with the learned plugin of one role. */
function startOne(role: Role, plugin: string): Promise<TestHost> {
  const config = testConfig({
    roles: { [role]: { plugin, deadlineMs: 2000 } },
    models: { directory: fixtureModels },
  });
  return startTestHost(config, undefined, fixtureFolder('../../dist/plugins'));
}

function play(host: TestHost, plan = fakePlan({ solver: 'dh' })) {
  const client = host.client();
  const events = recordedRun({ plan, iterations: 4 }).map(wireEvent);
  return { client, opened: client.ask(wireStart(plan)), events };
}

const applied = { outcome: Outcome.OUTCOME_APPLIED, reason: '' };

it('advises a whole plan from models, and says which', async () => {
  const host = await startLearned();
  const { client, opened, events } = play(host);
  const accepted = (await opened)?.accepted;
  const bound = accepted?.bindings?.filter(({ plugin }) => plugin !== '') ?? [];
  expect(bound.map(({ plugin, model }) => `${plugin} ${model}`)).toEqual([
    'warm-start warm-start/1',
    'histogram-sigma histogram-sigma/1',
    'pyramid-sigma pyramid-sigma/1',
    'variance variance/1',
    'convergence convergence/2',
  ]);
  for (const { model, modelSha256 } of bound) {
    const yaml = readFileSync(`${fixtureModels}/${model}/model.yaml`, 'utf8');
    expect(yaml).toContain(`"model.onnx", "sha256": "${modelSha256}"`);
  }
  expect(accepted?.wanted).toEqual(
    [
      TensorKind.TENSOR_KIND_COLUMN_NORM,
      TensorKind.TENSOR_KIND_STRUCTURE_MEAN_DOSE,
      TensorKind.TENSOR_KIND_STRUCTURE_MAX_DOSE,
    ].map((kind) => expect.objectContaining({ kind, everyN: 0 })),
  );

  const answers = await client.play(events);
  const [geometry, level, iteration] = answers;
  expect(geometry?.geometry?.histogramSigma).toMatchObject({ header: applied });
  expect(geometry?.geometry?.histogramSigma?.structures).toHaveLength(2);
  expect(geometry?.geometry?.pyramidSigma).toMatchObject({ header: applied });
  expect(level?.level?.initialization).toMatchObject({ header: applied });
  expect(level?.level?.initialization?.weights?.shape).toEqual([4]);
  expect(level?.level?.adaptiveVariance).toMatchObject({ header: applied });
  expect(iteration?.iteration?.earlyStopping).toMatchObject({ header: applied, decision: 1 });
  expect(iteration?.iteration?.earlyStopping?.predictedFinalObjective).toBeGreaterThan(0);
  expect((await client.ask(wireFinish))?.summary).toBeDefined();
  const runs = await host.metric('dh_advisor_model_run_seconds_count', 'model="convergence"');
  expect(runs).toBe(8);
});

it.each([
  ['lbfgs', [...new Array(5).fill(false), ...new Array(3).fill(true)]],
  ['dh', new Array(8).fill(false)],
] as const)(
  'steps from the gradients of the finest level, solver %s',
  async (solver, isApplied) => {
    const host = await startOne('step-direction', 'learned-direction');
    const { client, opened, events } = play(host, fakePlan({ solver }));
    const wanted = (await opened)?.accepted?.wanted ?? [];
    const gradient = wanted.find(({ kind }) => kind === TensorKind.TENSOR_KIND_GRADIENT);
    expect(gradient?.everyN).toBe(solver === 'lbfgs' ? 1 : undefined);
    const advices = (await client.play(events))
      .flatMap((answer) => answer?.iteration ?? [])
      .map(({ stepDirection }) => stepDirection);
    expect(advices.map((advice) => advice?.header?.outcome === Outcome.OUTCOME_APPLIED)).toEqual(
      isApplied,
    );
    const last = advices.at(-1);
    expect(last?.direction?.shape ?? []).toEqual(solver === 'lbfgs' ? [8] : []);
    expect(last?.stepLength ?? 0).toBe(solver === 'lbfgs' ? 1 : 0);
  },
);

it('says that a plan is unlike those the models were trained on', async () => {
  const plan = fakePlan({ solver: 'dh' });
  const structures = plan.structures.map((structure) => ({
    ...structure,
    prescription: structure.prescription.map((point) => ({ ...point, doseGy: 10 * point.doseGy })),
  }));
  const { client, opened, events } = play(await startLearned(), { ...plan, structures });
  await opened;
  const [geometry, level] = await client.play(events.slice(0, 2));
  const advices = [
    geometry?.geometry?.histogramSigma,
    geometry?.geometry?.pyramidSigma,
    level?.level?.initialization,
    level?.level?.adaptiveVariance,
  ];
  for (const advice of advices) {
    expect(advice?.header?.outcome).toBe(Outcome.OUTCOME_OUT_OF_DISTRIBUTION);
    expect(advice?.header?.outOfDistributionScore).toBeGreaterThan(1);
  }
  expect(level?.level?.initialization?.weights?.shape ?? []).toEqual([]);
});

describe('without a model', () => {
  it('only the plugin that needs it is off, and the log says why', async () => {
    const host = await startLearned({ labels: { convergence: { stable: '7' } } });
    const { client, opened, events } = play(host);
    const bindings = (await opened)?.accepted?.bindings ?? [];
    expect(bindings.map(({ plugin }) => plugin)).toEqual([
      'warm-start',
      'histogram-sigma',
      'pyramid-sigma',
      'variance',
      '',
      '',
    ]);
    const refusal = host.log.lines.find(({ fields }) => fields['role'] === 'early-stopping');
    expect(refusal?.fields['code']).toBe('plugin-create-failed');
    expect(refusal?.fields['reason']).toMatch(/`stable` .* version 7.* \(model-label\)/s);
    const [, level] = await client.play(events.slice(0, 2));
    expect(level?.level?.initialization).toMatchObject({ header: applied });
  });

  it('a plan is served all the same', async () => {
    const host = await startLearned({ directory: 'no-such-folder' });
    const { client, opened, events } = play(host);
    expect((await opened)?.accepted?.bindings?.every(({ plugin }) => plugin === '')).toBe(true);
    await client.play(events);
    expect((await client.ask(wireFinish))?.summary).toBeDefined();
  });
});

it('answers several plans at once, each as if alone', async () => {
  const host = await startLearned();
  const plans = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const { client, opened, events } = play(host);
      await opened;
      await client.play(events.slice(0, 2));
      return { client, events };
    }),
  );
  const answers = await Promise.all(
    plans.map(({ client, events }) => client.play(events.slice(2, 6))),
  );
  const predictions = answers.map((readonlyArray) =>
    readonlyArray.map(
      (answer) => answer?.iteration?.earlyStopping?.predictedFinalObjective ?? Number.NaN,
    ),
  );
  for (const prediction of predictions) {
    prediction.forEach((value, i) => {
      expect(value).toBeCloseTo(predictions[0]?.[i] ?? Number.NaN, 6);
    });
  }
  const questions = await host.metric(
    'dh_advisor_model_batch_questions_sum',
    'model="convergence"',
  );
  expect(questions).toBe(16);
});
