import { parseDocument } from 'yaml';
import { HostError } from '../domain/errors/host-error.js';
import { type ModelSignature, ROLES, z } from '../plugin-sdk/index.js';

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256, 64 lower-case hexadecimal digits');
const file = z.string().regex(/^[\w-][\w.-]*$/, 'must be a file of the same folder');
const count = z.int().nonnegative();

const tensor = z.strictObject({
  name: z.string().min(1),
  type: z.enum(['float32', 'int32']),
  shape: z.array(
    z.union([z.int().positive(), z.string().regex(/^[A-Za-z]\w*$/)], 'must be a count or a name'),
  ),
  description: z.string().min(1),
});

/** Name of the leading free extent of a model that answers several questions in one run. */
export const BATCH = 'batch';
/** The output every model has: 0 inside the training ranges, 1 at the refusal threshold. */
export const OOD_SCORE = 'ood_score';

/** `model.yaml`. docs/model-format.md says what each key means. */
export const descriptionSchema = z
  .strictObject({
    format: z.literal('dh-advisor-model'),
    format_version: z.literal(1),
    id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
    version: z.string().regex(/^\d+(\.\d+)*$/, 'must be a version in quotes, such as "1"'),
    role: z.enum(ROLES),
    model: z.strictObject({ file, sha256 }),
    golden: z.strictObject({
      file,
      sha256,
      absolute_tolerance: z.number().nonnegative(),
      relative_tolerance: z.number().nonnegative(),
    }),
    card: z.strictObject({ file, sha256 }),
    opset: z.int().positive(),
    batch_axis: z.union([z.literal(0), z.null()]),
    max_batch_size: count.optional(),
    weight_ceiling: z.number().positive().optional(),
    inputs: z.array(tensor).min(1),
    outputs: z.array(tensor).min(1),
    ranges: z.record(z.string(), z.strictObject({ minimum: z.number(), maximum: z.number() })),
    training: z.strictObject({
      data_sha256: sha256,
      cases: count,
      seed: count,
      command: z.string(),
    }),
  })
  .check(({ value, issues }) => {
    const fault = (path: (string | number)[], message: string) =>
      issues.push({ code: 'custom', input: value, path, message });
    for (const kind of ['inputs', 'outputs'] as const) {
      value[kind].forEach(({ name, shape }, i) => {
        if (value[kind].findIndex((other) => other.name === name) !== i) {
          fault([kind, i, 'name'], `\`${name}\` is there twice`);
        }
        if (value.batch_axis === 0 && shape[0] !== BATCH) {
          fault([kind, i, 'shape'], `must start with \`${BATCH}\`, because batch_axis is 0`);
        }
      });
    }
    const { batch_axis: axis, max_batch_size: most } = value;
    if (most !== undefined && (most === 0) !== (axis === null)) {
      fault(
        ['max_batch_size'],
        `is ${most}, but batch_axis is ${axis}: 0 goes with null, more with 0`,
      );
    }
    const score = value.outputs.find(({ name }) => name === OOD_SCORE);
    const isScore =
      score?.type === 'float32' &&
      score.shape.length === 1 &&
      score.shape[0] === (value.batch_axis === 0 ? BATCH : 1);
    if (!isScore)
      fault(['outputs'], `must have a float32 \`${OOD_SCORE}\` of shape [batch] or [1]`);
  });

export type ModelDescription = z.output<typeof descriptionSchema>;

/** @throws HostError `model-description` with every fault. */
export function parseDescription(text: string, path: string): ModelDescription {
  const document = parseDocument(text);
  const syntax = document.errors[0];
  if (syntax !== undefined) {
    throw new HostError('model-description', { file: path, problem: syntax.message });
  }
  const parsed = descriptionSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw new HostError('model-description', { file: path, problem: listFaults(parsed.error) });
}

export function listFaults(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`)
    .join('; ');
}

export function signatureOf(description: ModelDescription): ModelSignature {
  const { role, inputs, outputs, weight_ceiling: weightCeiling } = description;
  return { role, inputs, outputs, weightCeiling };
}
