import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  faultyFixtures,
  fixtures,
  iterationQuestion,
  noSignal,
  slowQuestion,
} from './testing/fixtures.js';
import { edit, editDescribed, flip } from './testing/model-copy.js';
import { TestRepositories } from './testing/repositories.js';

let made: TestRepositories;
beforeEach(() => {
  made = new TestRepositories();
});
afterEach(() => made.dispose());

describe('a model is refused', () => {
  const cases: readonly [string, string, (folder: string) => void][] = [
    ['a flipped byte of the model', 'model-checksum', flip('model.onnx')],
    ['a flipped byte of the golden cases', 'model-checksum', flip('golden.json')],
    ['a changed card', 'model-checksum', flip('card.md')],
    ['a missing card', 'model-file', (folder) => rmSync(join(folder, 'card.md'))],
    ['a missing model.yaml', 'model-file', (folder) => rmSync(join(folder, 'model.yaml'))],
    ['an unknown key', 'model-description', yaml('opset: 17', 'opset: 17\nopsets: 17')],
    ['no score', 'model-description', yaml('"name": "ood_score"', '"name": "score"')],
    ['another id than its folder', 'model-description', yaml('id: "convergence"', 'id: other')],
    [
      'an extent that is free in model.yaml and fixed in the graph',
      'model-signature',
      yaml('["batch", 10, 4]', '["batch", "window", 4]'),
    ],
    [
      'an output that the graph does not have',
      'model-description',
      yaml('"name": "standard_deviation"', '"name": "deviation"'),
    ],
    [
      'a golden answer that is not its own',
      'model-golden',
      (folder) =>
        editDescribed(folder, 'golden.json', (text) => {
          const golden = JSON.parse(text.toString());
          const { ood_score: score } = golden.cases[1].outputs;
          golden.cases[1].outputs.standard_deviation = score;
          return JSON.stringify(golden);
        }),
    ],
    [
      'golden data that does not fit its shape',
      'model-description',
      (folder) =>
        editDescribed(folder, 'golden.json', (text) => {
          const golden = JSON.parse(text.toString());
          golden.cases[0].inputs.state.shape = [1, 7];
          return JSON.stringify(golden);
        }),
    ],
    [
      'weights in another file, as exporters of large models write them',
      'model-external-data',
      // A second graph with one initializer `w`, whose data_location is EXTERNAL.
      (folder) =>
        editDescribed(folder, 'model.onnx', (bytes) =>
          Buffer.concat([bytes, Buffer.from('3a072a05420177' + '7001', 'hex')]),
        ),
    ],
    [
      'a constant of a node in another file',
      'model-external-data',
      // graph { node { attribute { t { external_data {} } } } }
      (folder) =>
        editDescribed(folder, 'model.onnx', (bytes) =>
          Buffer.concat([bytes, Buffer.from('3a080a062a042a026a00', 'hex')]),
        ),
    ],
    [
      'a file that is no ONNX model',
      'model-session',
      (folder) => editDescribed(folder, 'model.onnx', () => 'not a model'),
    ],
  ];

  it.each(cases)('for %s (%s)', async (_what, code, spoil) => {
    spoil(made.copies.add(fixtures, 'convergence/2'));
    expect(await made.refusalOf('convergence')).toBe(code);
  });

  it.each([
    ['NaN weights', 'nan', 'model-not-finite'],
    ['answers that depend on the other questions of a run', 'mixing', 'model-golden'],
  ])('for %s', async (_what, id, code) => {
    expect(await made.refusalOf(id, { directory: faultyFixtures })).toBe(code);
  });

  it('when it would exceed the memory', async () => {
    made.copies.add(fixtures, 'convergence/1');
    expect(await made.refusalOf('convergence', { maxMemoryMb: 0.1 })).toBe('model-memory');
  });

  it('with every fault of its model.yaml at once, and the file', async () => {
    const folder = made.copies.add(fixtures, 'convergence/2');
    yaml('opset: 17', 'opset: seventeen')(folder);
    yaml('batch_axis: 0', 'batch_axis: 1')(folder);
    const open = made.over().open('convergence');
    await expect(open).rejects.toThrow(/convergence\/2\/model\.yaml .*opset: .*batch_axis: /s);
  });
});

it('refuses a batch size that contradicts the batch axis', async () => {
  const folder = made.copies.add(fixtures, 'convergence/2');
  yaml('batch_axis: 0', 'batch_axis: 0\nmax_batch_size: 0')(folder);
  await expect(made.over().open('convergence')).rejects.toThrow(
    /max_batch_size: is 0, but batch_axis is 0/,
  );
});

describe('after a refusal', () => {
  it('the other models are served, and a fixed one too', async () => {
    const folder = made.copies.add(fixtures, 'convergence/2');
    made.copies.add(fixtures, 'pyramid-sigma/1');
    flip('card.md')(folder);
    const models = made.over();
    await expect(models.open('convergence')).rejects.toThrow('model-checksum');
    await expect(models.open('pyramid-sigma')).resolves.toBeDefined();
    expect(models.models().map(({ id, state }) => `${id} ${state}`)).toEqual([
      'convergence refused',
      'pyramid-sigma ready',
    ]);
    flip('card.md')(folder);
    await expect(models.open('convergence')).resolves.toBeDefined();
    expect(models.models()[0]).toMatchObject({ state: 'ready', reason: '', placement: 'inline' });
  });

  it('its memory is free again', async () => {
    flip('model.onnx')(made.copies.add(fixtures, 'convergence/1', 'convergence/1'));
    made.copies.add(fixtures, 'convergence/2');
    const models = made.over({ maxMemoryMb: 0.2 });
    await expect(models.open('convergence@1')).rejects.toThrow('model-checksum');
    flip('model.onnx')(join(made.copies.directory, 'convergence/1'));
    await models.open('convergence@1');
    await models.unload('convergence', '1');
    await expect(models.open('convergence@1')).resolves.toBeDefined();
  });
});

it('keeps slow models off the thread that serves', async () => {
  const models = made.over({ directory: fixtures, inlineBelowMs: 0.5 });
  const slow = await models.open('slow');
  expect(models.models().find(({ id }) => id === 'slow')).toMatchObject({ placement: 'worker' });
  await expect(slow.run(slowQuestion(), noSignal)).resolves.toHaveProperty('y');
});

it('refuses a question that does not fit the signature', async () => {
  const convergence = await made.over({ directory: fixtures }).open('convergence@2');
  const { history, state } = iterationQuestion(1);
  const wrong: readonly [object, RegExp][] = [
    [{ history }, /`state` is missing/],
    [{ history, state, more: state }, /unknown: more/],
    [{ history: state, state }, /`history` has shape \[1,6\]/],
    [{ history, state: { ...state, data: new Int32Array(6) } }, /must be float32/],
    [{ history, state: { shape: [2, 6], data: new Float32Array(12) } }, /\[2,6\]/],
    [{ history, state: { shape: [1, 6], data: new Float32Array(5) } }, /5 values/],
  ];
  for (const [inputs, problem] of wrong) {
    const answer = convergence.run(inputs as never, noSignal);
    await expect(answer).rejects.toMatchObject({
      policy: 'invalid-input',
      message: expect.stringMatching(problem),
    });
  }
  await expect(convergence.run({ ...iterationQuestion(1) }, noSignal)).resolves.toBeDefined();
});

it('fails handles of an unloaded version and loads it anew', async () => {
  const models = made.over({ directory: fixtures });
  const before = await models.open('convergence@2');
  await models.unload('convergence', '2');
  const gone = before.run(iterationQuestion(1), noSignal);
  await expect(gone).rejects.toMatchObject({ policy: 'model-unavailable' });
  const after = await models.open('convergence@2');
  await expect(after.run(iterationQuestion(1), noSignal)).resolves.toHaveProperty('ood_score');
});

function yaml(from: string, to: string): (folder: string) => void {
  return (folder) => edit(join(folder, 'model.yaml'), (text) => text.replace(from, to));
}
