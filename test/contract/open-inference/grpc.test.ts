// The Open Inference Protocol over a real socket: what stock clients ask, and what they are told when it is wrong.
import { credentials, loadPackageDefinition, Metadata, type ServiceError } from '@grpc/grpc-js';
import { beforeEach, expect, it } from 'vitest';
import type { ProtoGrpcType } from '../../../src/generated/open_inference.js';
import { loadOpenInference } from '../../../src/transport/proto-options.js';
import { fixtureFolder, startTestHost, type TestHost } from '../stream/testing/test-host.js';
import { wireFinish, wireRun, wireStart } from '../stream/testing/wire-run.js';
import {
  bytesOf,
  floatsOf,
  type Golden,
  golden,
  startInferenceHost,
  TOKEN,
} from './inference-host.js';

const proto = fixtureFolder('../../proto');
const { inference } = loadPackageDefinition(loadOpenInference(proto)) as unknown as ProtoGrpcType;

const question = {
  modelName: 'convergence',
  id: 'q1',
  inputs: Object.entries(golden.inputs).map(([name, { shape }]) => ({
    name,
    datatype: 'FP32',
    shape: [...shape],
  })),
  rawInputContents: Object.values(golden.inputs).map(bytesOf),
};

let host: TestHost;

beforeEach(async () => {
  host = await startInferenceHost();
});

type Method = keyof InstanceType<typeof inference.GRPCInferenceService> & string;

/** The answer, or the host's code of why there is none. */
// biome-ignore lint/suspicious/noExplicitAny: answers of nine methods, looked into by each test
function ask(method: Method, request: object = {}, token = '', of = host): Promise<any> {
  const client = new inference.GRPCInferenceService(of.address, credentials.createInsecure());
  const metadata = new Metadata();
  if (token !== '') metadata.set('authorization', `Bearer ${token}`);
  return new Promise((resolve) => {
    const call = client[method] as unknown as (
      request: object,
      metadata: Metadata,
      done: (error: ServiceError | null, answer: object) => void,
    ) => unknown;
    call.call(client, request, metadata, (error, answer) => {
      client.close();
      resolve(
        error === null ? answer : String(error.metadata.get('dh-error-code')[0] ?? error.code),
      );
    });
  });
}

it('says that it lives, is ready, and what it is', async () => {
  expect(await ask('ServerLive')).toEqual({ live: true });
  expect(await ask('ServerReady')).toEqual({ ready: true });
  expect(await ask('ServerMetadata')).toMatchObject({
    name: 'dh-advisor',
    extensions: ['model_repository'],
  });
});

it('lists every version, and which of them can be asked', async () => {
  const { models } = await ask('RepositoryIndex');
  expect(models).toContainEqual({ name: 'convergence', version: '2', state: 'READY', reason: '' });
  expect(models).toContainEqual(
    expect.objectContaining({ name: 'variance', version: '1', state: 'UNAVAILABLE' }),
  );
  expect((await ask('RepositoryIndex', { ready: true })).models).toHaveLength(1);
  expect(await ask('ModelReady', { name: 'convergence' })).toEqual({ ready: true });
  expect(await ask('ModelReady', { name: 'convergence', version: '2' })).toEqual({ ready: true });
  expect(await ask('ModelReady', { name: 'convergence', version: '1' })).toEqual({ ready: false });
  expect(await ask('ModelReady', { name: 'nobody' })).toEqual({ ready: false });
});

it('describes a model as its signature does', async () => {
  const described = await ask('ModelMetadata', { name: 'convergence' });
  expect(described).toMatchObject({ name: 'convergence', platform: 'onnxruntime_onnx' });
  expect(described.versions).toContain('2');
  expect(described.inputs).toContainEqual({
    name: 'history',
    datatype: 'FP32',
    shape: [-1, 10, 4],
  });
});

it('answers raw questions as the training side does', async () => {
  const answer = await ask('ModelInfer', question);
  expect(answer).toMatchObject({ modelName: 'convergence', modelVersion: '2', id: 'q1' });
  for (const [i, { name }] of answer.outputs.entries()) {
    const expected = floatsOf(bytesOf(golden.outputs[name] as Golden));
    floatsOf(answer.rawOutputContents[i]).forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k] as number, 4);
    });
  }
  expect(answer.outputs.length).toBe(Object.keys(golden.outputs).length);
});

it('answers typed questions alike, and gives only the outputs that are wanted', async () => {
  const raw = await ask('ModelInfer', question);
  const typed = await ask('ModelInfer', {
    modelName: 'convergence',
    inputs: question.inputs.map((input, i) => ({
      ...input,
      contents: { fp32Contents: floatsOf(question.rawInputContents[i] as Buffer) },
    })),
    outputs: [{ name: 'ood_score' }],
  });
  expect(typed.outputs.map(({ name }: { name: string }) => name)).toEqual(['ood_score']);
  const at = raw.outputs.findIndex(({ name }: { name: string }) => name === 'ood_score');
  expect(typed.rawOutputContents).toEqual([raw.rawOutputContents[at]]);
});

it('answers many at once, each as if asked alone', async () => {
  const alone = await ask('ModelInfer', question);
  const all = await Promise.all(Array.from({ length: 12 }, () => ask('ModelInfer', question)));
  for (const { rawOutputContents } of all)
    rawOutputContents.forEach((bytes: Buffer, i: number) => {
      floatsOf(bytes).forEach((value, k) => {
        expect(value).toBeCloseTo(floatsOf(alone.rawOutputContents[i])[k] as number, 5);
      });
    });
});

const [first, second] = question.inputs;

it.each([
  ['a model that nobody has', { ...question, modelName: 'nobody' }, 'model-unknown'],
  ['a version that nobody has', { ...question, modelVersion: '9' }, 'model-unknown'],
  ['a version that is not loaded', { ...question, modelVersion: '1' }, 'model-not-loaded'],
  ['a name with a path', { ...question, modelName: '../models/convergence' }, 'model-unknown'],
  ['no inputs', { modelName: 'convergence' }, 'invalid-field'],
  [
    'an input too few',
    { ...question, inputs: [first], rawInputContents: question.rawInputContents.slice(0, 1) },
    'invalid-field',
  ],
  ['an input twice', { ...question, inputs: [first, first] }, 'invalid-field'],
  [
    'an input of the prototype',
    { ...question, inputs: [{ ...first, name: '__proto__' }, second] },
    'invalid-field',
  ],
  [
    'raw contents for some inputs',
    { ...question, rawInputContents: [Buffer.alloc(4)] },
    'invalid-field',
  ],
  [
    'a type that models here do not take',
    { ...question, inputs: [{ ...first, datatype: 'FP64' }, second] },
    'invalid-field',
  ],
  [
    'bytes that do not fit the shape',
    { ...question, inputs: [{ ...first, shape: [1, 10, 5] }, second] },
    'invalid-field',
  ],
  [
    'a shape that is no shape',
    { ...question, inputs: [{ ...first, shape: [-1, 10, 4] }, second] },
    'invalid-field',
  ],
  [
    'a shape of another model',
    { ...question, inputs: [{ ...first, shape: [1, 4, 10] }, second] },
    'invalid-field',
  ],
  [
    'an output that it does not have',
    { ...question, outputs: [{ name: 'weights' }] },
    'invalid-field',
  ],
])('refuses %s', async (_what, request, code) => {
  expect(await ask('ModelInfer', request)).toBe(code);
  expect((await ask('ModelInfer', question)).modelVersion).toBe('2');
});

it('loads and unloads for operators alone', async () => {
  const name = { modelName: 'variance' };
  expect(await ask('RepositoryModelLoad', name)).toBe('operator-token');
  expect(await ask('RepositoryModelLoad', name, 'another')).toBe('operator-token');
  expect(await ask('RepositoryModelLoad', { modelName: 'nobody' }, TOKEN)).toBe('model-not-found');
  expect(await ask('RepositoryModelLoad', name, TOKEN)).toEqual({});
  expect(await ask('RepositoryModelLoad', name, TOKEN)).toEqual({});
  expect(await ask('ModelReady', { name: 'variance' })).toEqual({ ready: true });
  expect(await ask('RepositoryModelUnload', name)).toBe('operator-token');
  expect(await ask('RepositoryModelUnload', name, TOKEN)).toEqual({});
  expect(await ask('ModelReady', { name: 'variance' })).toEqual({ ready: false });
  expect(await ask('RepositoryModelUnload', name, TOKEN)).toBe('model-not-loaded');
});

it('takes no model from a plugin that holds it', async () => {
  expect(await ask('RepositoryModelUnload', { modelName: 'convergence' }, TOKEN)).toBe(
    'model-not-loaded',
  );
  await ask('RepositoryModelLoad', { modelName: 'convergence' }, TOKEN);
  expect(await ask('RepositoryModelUnload', { modelName: 'convergence' }, TOKEN)).toEqual({});
  expect(await ask('ModelReady', { name: 'convergence' })).toEqual({ ready: true });
  const client = host.client();
  await client.ask(wireStart());
  const answers = await client.play([...wireRun(12), wireFinish]);
  expect(answers.at(-1)?.summary).toBeDefined();
});

it('is not there unless the configuration says so', async () => {
  const closed = await startTestHost();
  expect(await ask('ServerLive', {}, '', closed)).toBe('12');
});
