// The REST form of the Open Inference Protocol over a real socket, with Triton's binary data.
import { beforeEach, expect, it } from 'vitest';
import type { TestHost } from '../stream/testing/test-host.js';
import {
  bytesOf,
  floatsOf,
  type Golden,
  golden,
  startInferenceHost,
  TOKEN,
} from './inference-host.js';

const inputs = Object.entries(golden.inputs).map(([name, value]) => ({
  name,
  datatype: 'FP32',
  shape: value.shape,
  data: floatsOf(bytesOf(value)),
}));
const INFER = '/v2/models/convergence/infer';

let host: TestHost;

beforeEach(async () => {
  host = await startInferenceHost();
});

const urlOf = (path: string) => `http://${host.httpAddress}${path}`;

function post(path: string, body: string | Buffer = '', headers: Record<string, string> = {}) {
  const sent = typeof body === 'string' ? body : Uint8Array.from(body);
  return fetch(urlOf(path), { method: 'POST', body: sent, headers });
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many routes, looked into by each test
async function json(response: Response | Promise<Response>): Promise<any> {
  return (await response).json();
}

/** A question whose inputs follow as binary data, as Triton's client sends it. */
function binaryQuestion(change: object = {}) {
  const raw = Object.values(golden.inputs).map(bytesOf);
  const head = Buffer.from(
    JSON.stringify({
      inputs: inputs.map(({ data, ...input }, i) => ({
        ...input,
        parameters: { binary_data_size: raw[i]?.byteLength },
      })),
      parameters: { binary_data_output: true },
      ...change,
    }),
  );
  const headers = { 'Inference-Header-Content-Length': String(head.byteLength) };
  return { body: Buffer.concat([head, ...raw]), headers };
}

it('says that it lives, is ready, and what it is', async () => {
  expect((await fetch(urlOf('/v2/health/live'))).status).toBe(200);
  expect((await fetch(urlOf('/v2/health/ready'))).status).toBe(200);
  expect(await json(fetch(urlOf('/v2')))).toMatchObject({
    name: 'dh-advisor',
    extensions: ['model_repository', 'binary_tensor_data'],
  });
});

it('lists and describes models, with a version and without', async () => {
  const index = await json(post('/v2/repository/index'));
  expect(index).toContainEqual({ name: 'convergence', version: '2', state: 'READY', reason: '' });
  expect(await json(post('/v2/repository/index', '{"ready":true}'))).toHaveLength(1);
  for (const path of ['/v2/models/convergence', '/v2/models/convergence/versions/2']) {
    expect((await fetch(urlOf(`${path}/ready`))).status).toBe(200);
    const described = await json(fetch(urlOf(path)));
    expect(described).toMatchObject({ name: 'convergence', platform: 'onnxruntime_onnx' });
    expect(described.inputs).toContainEqual({
      name: 'history',
      datatype: 'FP32',
      shape: [-1, 10, 4],
    });
  }
  expect((await fetch(urlOf('/v2/models/convergence/versions/1/ready'))).status).toBe(400);
});

it('answers JSON as the training side does, flat or nested, and gives the outputs that are wanted', async () => {
  const answer = await json(post(INFER, JSON.stringify({ id: 'q1', inputs })));
  expect(answer).toMatchObject({ model_name: 'convergence', model_version: '2', id: 'q1' });
  for (const { name, data } of answer.outputs) {
    const expected = floatsOf(bytesOf(golden.outputs[name] as Golden));
    data.forEach((value: number, k: number) => {
      expect(value).toBeCloseTo(expected[k] as number, 4);
    });
  }
  const nested = inputs.map((input) => ({ ...input, data: [[input.data]] }));
  const wanted = [{ name: 'ood_score' }];
  const one = await json(post(INFER, JSON.stringify({ inputs: nested, outputs: wanted })));
  expect(one.outputs).toEqual(
    answer.outputs.filter(({ name }: { name: string }) => name === 'ood_score'),
  );
});

it('takes and gives binary data', async () => {
  const plain = await json(post(INFER, JSON.stringify({ inputs })));
  const { body, headers } = binaryQuestion();
  const response = await post('/v2/models/convergence/versions/2/infer', body, headers);
  expect(response.status).toBe(200);
  const jsonBytes = Number(response.headers.get('Inference-Header-Content-Length'));
  const answered = Buffer.from(await response.arrayBuffer());
  const { outputs } = JSON.parse(answered.subarray(0, jsonBytes).toString());
  let at = jsonBytes;
  for (const [i, { parameters }] of outputs.entries()) {
    const raw = answered.subarray(at, at + parameters.binary_data_size);
    at += parameters.binary_data_size;
    expect(floatsOf(raw)).toEqual(plain.outputs[i].data);
  }
  expect(at).toBe(answered.byteLength);
});

const [first, second] = inputs;

it.each([
  ['another model', '/v2/models/nobody/infer', { inputs }, 404, 'model-unknown'],
  ['another version', '/v2/models/convergence/versions/9/infer', { inputs }, 404, 'model-unknown'],
  [
    'one that is not loaded',
    '/v2/models/convergence/versions/1/infer',
    { inputs },
    503,
    'model-not-loaded',
  ],
  ['no inputs', INFER, {}, 400, 'invalid-field'],
  ['an input twice', INFER, { inputs: [first, first] }, 400, 'invalid-field'],
  ['an input too few', INFER, { inputs: [first] }, 400, 'invalid-field'],
  [
    'a text for a number',
    INFER,
    { inputs: [{ ...first, data: ['1'] }, second] },
    400,
    'invalid-field',
  ],
  [
    'a type that is not taken',
    INFER,
    { inputs: [{ ...first, datatype: 'BYTES' }, second] },
    400,
    'invalid-field',
  ],
  [
    'more bytes than there are',
    INFER,
    { inputs: [{ ...first, data: undefined, parameters: { binary_data_size: 8 } }, second] },
    400,
    'invalid-field',
  ],
])('refuses %s with a sentence and a code', async (_what, path, body, status, code) => {
  const response = await post(path, JSON.stringify(body));
  const { error, code: said } = await json(response);
  expect([response.status, said]).toEqual([status, code]);
  expect(error).not.toBe('');
});

it('refuses what is no JSON, too much JSON, a length that is none, and bytes that nobody named', async () => {
  const length = 'Inference-Header-Content-Length';
  const { body, headers } = binaryQuestion();
  const answers = [
    post(INFER, '{"inputs": ['),
    post(INFER, JSON.stringify({ inputs, id: 'x'.repeat(2 ** 20) })),
    post(INFER, body, { [length]: '-1' }),
    post(INFER, body, { [length]: String(body.byteLength + 1) }),
    post(INFER, Buffer.concat([body, Buffer.alloc(4)]), headers),
    post(INFER, body, { ...headers, 'content-encoding': 'gzip' }),
    post('/v2/repository/index', '{'),
  ];
  for (const answer of answers) {
    const response = await answer;
    expect(response.status).toBe(400);
    expect((await json(response)).code).toBe('invalid-field');
  }
});

it('loads and unloads for operators', async () => {
  const load = '/v2/repository/models/variance/load';
  expect((await post(load)).status).toBe(401);
  const shown = { authorization: `Bearer ${TOKEN}` };
  expect((await post(load, '', shown)).status).toBe(200);
  expect((await fetch(urlOf('/v2/models/variance/ready'))).status).toBe(200);
  const unload = await post('/v2/repository/models/variance/unload', '', shown);
  expect(unload.status).toBe(200);
  expect((await fetch(urlOf('/v2/models/variance/ready'))).status).toBe(400);
});

it('is asked by no page of somebody else', async () => {
  const response = await post(INFER, JSON.stringify({ inputs }), {
    origin: 'https://evil.example',
  });
  expect(response.status).toBe(403);
});

it('is not there unless the configuration says so', async () => {
  host = await startInferenceHost(false);
  expect((await fetch(urlOf('/v2/health/live'))).status).toBe(404);
});
