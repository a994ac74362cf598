import { HostError } from '../domain/errors/host-error.js';
import { type ModelTensors, type TensorSignature, z } from '../plugin-sdk/index.js';
import { listFaults } from './model-description.js';
import { ShapeCheck } from './shape-check.js';

/** A question with the answer the training side got. */
export interface GoldenCase {
  readonly name: string;
  readonly inputs: ModelTensors;
  readonly outputs: ModelTensors;
}

export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

const BYTES = 4;

const tensor = z
  .strictObject({
    type: z.enum(['float32', 'int32']),
    shape: z.array(z.int().nonnegative()),
    data: z.base64(),
  })
  .transform(({ type, shape, data }, context) => {
    const bytes = Buffer.from(data, 'base64');
    const length = shape.reduce((product, extent) => product * extent, 1);
    if (bytes.length !== length * BYTES) {
      const message = `data has ${bytes.length} bytes, its shape needs ${length * BYTES}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    // A copy, because a view needs aligned bytes. Little-endian like every machine Node runs on.
    const aligned = new Uint8Array(bytes).buffer;
    return { shape, data: type === 'int32' ? new Int32Array(aligned) : new Float32Array(aligned) };
  });

const schema = z.strictObject({
  cases: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        inputs: z.record(z.string(), tensor),
        outputs: z.record(z.string(), tensor),
      }),
    )
    .min(1),
});

interface Signature {
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
}

/** Reads `golden.json`. @throws HostError `model-description` when a case does not fit the signature. */
export function parseGolden(
  text: string,
  file: string,
  signature: Signature,
): readonly GoldenCase[] {
  const refuse = (problem: string) => new HostError('model-description', { file, problem });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw refuse((thrown as Error).message);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refuse(listFaults(parsed.error));
  for (const { name, inputs, outputs } of parsed.data.cases) {
    const check = new ShapeCheck(signature.inputs);
    const problem = check.problem(inputs) ?? check.problemOf(signature.outputs, outputs);
    if (problem !== undefined) throw refuse(`case ${name}: ${problem}`);
  }
  return parsed.data.cases;
}

/** What is wrong with an answer, or undefined. */
export function compare(
  actual: ModelTensors,
  expected: ModelTensors,
  { absolute, relative }: Tolerance,
): string | undefined {
  for (const [name, want] of Object.entries(expected)) {
    const got = actual[name];
    if (got === undefined) return `no \`${name}\``;
    if (got.shape.join() !== want.shape.join()) {
      return `\`${name}\` has shape [${got.shape}], expected [${want.shape}]`;
    }
    for (let i = 0; i < want.data.length; i += 1) {
      const a = got.data[i] ?? Number.NaN;
      const b = want.data[i] ?? Number.NaN;
      if (!(Math.abs(a - b) <= absolute + relative * Math.abs(b))) {
        return `\`${name}\`[${i}] is ${a}, expected ${b}`;
      }
    }
  }
  return undefined;
}

/** The first output that is not finite everywhere. */
export function notFinite(outputs: ModelTensors): string | undefined {
  return Object.entries(outputs).find(([, { data }]) => !data.every(Number.isFinite))?.[0];
}
