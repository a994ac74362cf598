import { HostError } from '../../../domain/errors/host-error.js';
import {
  type AnsweredTensor,
  answeredTensors,
  type QuestionTensor,
} from '../../../domain/open-inference/question.js';
import type { ModelAnswer } from '../../../domain/operations/model-server.js';
import { z } from '../../../plugin-sdk/index.js';

/** JSON is parsed on the thread that serves plans, at some ten milliseconds a megabyte; what is larger comes as binary data. */
export const MAX_JSON_BYTES = 2 ** 20;

const parameters = z.record(z.string(), z.unknown()).optional();

const requestSchema = z.object({
  id: z.string().default(''),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        datatype: z.string(),
        shape: z.array(z.number()),
        data: z.array(z.unknown()).optional(),
        parameters,
      }),
    )
    .min(1),
  outputs: z.array(z.object({ name: z.string(), parameters })).default([]),
  parameters,
});

/** A question, and how its answer is to be written. */
export interface RestQuestion {
  readonly id: string;
  readonly inputs: readonly QuestionTensor[];
  /** All when empty. */
  readonly outputs: readonly string[];
  readonly isBinary: (output: string) => boolean;
}

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

/** @param jsonBytes `Inference-Header-Content-Length`; undefined when all of the body is JSON. @throws HostError `invalid-field` */
export function parseQuestion(body: Uint8Array, jsonBytes = body.byteLength): RestQuestion {
  if (jsonBytes > body.byteLength) {
    refuse(
      'Inference-Header-Content-Length',
      `is ${jsonBytes}, but the body has ${body.byteLength} bytes`,
    );
  }
  if (jsonBytes > MAX_JSON_BYTES) {
    refuse(
      'body',
      `has ${jsonBytes} bytes of JSON, beyond ${MAX_JSON_BYTES}: send tensors as binary data`,
    );
  }
  const { id, inputs, outputs, parameters: wanted } = readJson(body.subarray(0, jsonBytes));
  let at = jsonBytes;
  const read = (bytes: number, field: string): Uint8Array => {
    const part = body.subarray(at, at + bytes);
    if (part.byteLength !== bytes)
      refuse(field, `names ${bytes} bytes, but the body has ${part.byteLength} left`);
    at += bytes;
    return part;
  };
  const tensors = inputs.map(
    ({ name, datatype, shape, data, parameters: own }, i): QuestionTensor => {
      const size = own?.['binary_data_size'];
      if (size === undefined) {
        return {
          name,
          datatype,
          shape,
          values: numbersOf(data ?? [], `inputs[${i}].data`),
          raw: undefined,
        };
      }
      const field = `inputs[${i}].parameters.binary_data_size`;
      if (!Number.isSafeInteger(size) || Number(size) < 0) refuse(field, 'is no number of bytes');
      if (data !== undefined) refuse(`inputs[${i}]`, 'has data beside binary data');
      return { name, datatype, shape, values: undefined, raw: read(Number(size), field) };
    },
  );
  if (at !== body.byteLength)
    refuse('body', `has ${body.byteLength - at} bytes that no input names`);
  const isAllBinary = wanted?.['binary_data_output'] === true;
  const binary = new Map(
    outputs.map((output) => [output.name, output.parameters?.['binary_data']]),
  );
  return {
    id,
    inputs: tensors,
    outputs: outputs.map(({ name }) => name),
    isBinary: (output) => (binary.get(output) ?? isAllBinary) === true,
  };
}

function readJson(bytes: Uint8Array): z.infer<typeof requestSchema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (thrown) {
    refuse('body', `is not JSON: ${(thrown as Error).message}`);
  }
  const parsed = requestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  return refuse(first?.path.join('.') || 'body', first?.message ?? 'is no question');
}

/** Flat or nested, as the protocol allows both. */
function numbersOf(data: readonly unknown[], field: string): readonly number[] {
  const flat: readonly unknown[] = data.flat(Number.POSITIVE_INFINITY);
  const wrong = flat.findIndex((value) => typeof value !== 'number');
  if (wrong >= 0) refuse(`${field}[${wrong}]`, 'is no number');
  return flat as readonly number[];
}

/** The answer's body; `jsonBytes` is set when binary data follows the JSON. */
export interface RestAnswer {
  readonly body: Uint8Array;
  readonly jsonBytes: number | undefined;
}

export function writeAnswer(answer: ModelAnswer, question: RestQuestion): RestAnswer {
  const { id, outputs, isBinary } = question;
  const tensors = answeredTensors(answer, outputs);
  const binary = tensors.filter(({ name }) => isBinary(name));
  const json = JSON.stringify({
    model_name: answer.identity.id,
    model_version: answer.identity.version,
    id,
    outputs: tensors.map(({ name, datatype, shape, data }) =>
      isBinary(name)
        ? { name, datatype, shape, parameters: { binary_data_size: data.byteLength } }
        : { name, datatype, shape, data: [...data] },
    ),
  });
  const head = Buffer.from(json);
  if (binary.length === 0) return { body: head, jsonBytes: undefined };
  return { body: Buffer.concat([head, ...binary.map(bytesOf)]), jsonBytes: head.byteLength };
}

function bytesOf({ data }: AnsweredTensor): Uint8Array {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
