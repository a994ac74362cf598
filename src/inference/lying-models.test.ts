// Files of models that lie about their size: refused with a code, and nothing is read without end.
import { rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CountingMetrics, nobodyThere } from '../domain/testing/fakes.js';
import { testModels } from '../domain/testing/test-config.js';
import { ModelRepository } from './model-repository.js';
import { FakeLog, fixtures, workerEntry } from './testing/fixtures.js';
import { editDescribed, ModelCopies } from './testing/model-copy.js';

/** In the place of a file. */
function linkTo(name: string, target: string) {
  return (folder: string) => {
    rmSync(join(folder, name));
    symlinkSync(target, join(folder, name));
  };
}

/** A terabyte that takes no room on the disk. */
function stretch(name: string) {
  return (folder: string) => truncateSync(join(folder, name), 2 ** 40);
}

function change(make: (bytes: Buffer) => Buffer) {
  return (folder: string) => editDescribed(folder, 'model.onnx', make);
}

/** Where the first field of that number lies, as protocol buffers write it. */
function fieldIn(bytes: Buffer, field: number, from: number, end: number): [number, number] {
  let at = from;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < end) {
    const key = varint();
    const size = varint();
    if ((key & 7) !== 2) continue;
    if (key >> 3 === field) return [at, at + size];
    at += size;
  }
  throw new Error(`no field ${field}`);
}

/** The first initializer of the graph, with a first extent of 127. */
function withLongerTensor(bytes: Buffer): Buffer {
  const [graph, graphEnd] = fieldIn(bytes, 7, 0, bytes.length);
  const [tensor] = fieldIn(bytes, 5, graph, graphEnd);
  expect(bytes[tensor]).toBe(0x08);
  expect(bytes[tensor + 1]).toBeLessThan(127);
  const longer = Buffer.from(bytes);
  longer[tensor + 1] = 127;
  return longer;
}

/** A further part of the graph that says it has 2 GiB. */
const endless = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('3affffffff07', 'hex')]);

it.each([
  ['a model.yaml without an end', 'model-file', linkTo('model.yaml', '/dev/zero')],
  ['a model without an end', 'model-file', linkTo('model.onnx', '/dev/zero')],
  ['a card without an end', 'model-file', linkTo('card.md', '/dev/zero')],
  ['golden cases larger than any memory', 'model-file', stretch('golden.json')],
  ['a model larger than any memory', 'model-file', stretch('model.onnx')],
  ['a model.yaml larger than any memory', 'model-file', stretch('model.yaml')],
  ['a tensor with more elements than data', 'model-session', change(withLongerTensor)],
  ['a part that goes on beyond the file', 'model-session', change(endless)],
  ['half a model', 'model-session', change((bytes) => bytes.subarray(0, bytes.length / 2))],
])('%s is refused (%s)', async (_what, code, spoil) => {
  const copies = new ModelCopies();
  onTestFinished(() => copies.dispose());
  spoil(copies.add(fixtures, 'convergence/2'));
  const repository = new ModelRepository({
    config: testModels({ directory: copies.directory }),
    builtInDirectory: fixtures,
    workerEntry,
    connectRemote: nobodyThere,
    log: new FakeLog(),
    metrics: new CountingMetrics(),
  });
  onTestFinished(() => repository.dispose());
  await expect(repository.open('convergence')).rejects.toMatchObject({ cause: { code } });
});
