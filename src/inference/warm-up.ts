import { HostError } from '../domain/errors/host-error.js';
import type { TensorSignature } from '../plugin-sdk/index.js';
import { groupAlike, stack, unstack } from './backends/batch.js';
import type { RunningModel, RuntimeTensor } from './backends/execution-backend.js';
import { compare, notFinite } from './golden-cases.js';
import type { ModelPackage } from './model-package.js';

/** Runs of each golden case, fewer when they take long: the first allocates, and others wait for a busy processor. */
const RUNS = 10;
const ENOUGH_MS = 50;

function difference(
  what: string,
  declared: readonly TensorSignature[],
  actual: readonly RuntimeTensor[],
): string | undefined {
  const names = (tensors: readonly { readonly name: string }[]) =>
    tensors
      .map(({ name }) => name)
      .sort()
      .join(', ');
  if (names(declared) !== names(actual)) {
    return `it has the ${what} ${names(actual)}, declared are ${names(declared)}`;
  }
  for (const { name, type, shape } of declared) {
    const has = actual.find((other) => other.name === name);
    const isAlike =
      has?.type === type &&
      has.shape.length === shape.length &&
      shape.every((extent, axis) =>
        typeof extent === 'number'
          ? has.shape[axis] === extent
          : typeof has.shape[axis] === 'string',
      );
    if (!isAlike) {
      return `\`${name}\` is ${has?.type} [${has?.shape.join(', ')}], declared is ${type} [${shape.join(', ')}]`;
    }
  }
  return undefined;
}

/** Names, types, ranks and fixed extents. @throws HostError `model-signature` */
export function checkSignature(model: ModelPackage, running: RunningModel): void {
  const { inputs, outputs } = model.signature;
  const problem =
    difference('inputs', inputs, running.signature.inputs) ??
    difference('outputs', outputs, running.signature.outputs);
  if (problem !== undefined) throw new HostError('model-signature', { model: model.name, problem });
}

/**
 * Reproduces the golden cases, for a model that stacks questions also stacked, and returns what one costs: the median of
 * the cases, each at its quickest.
 * @throws HostError `model-not-finite` or `model-golden`
 */
export async function reproduceGolden(
  model: ModelPackage,
  running: RunningModel,
  runs = RUNS,
): Promise<number> {
  const timesMs: number[] = [];
  for (const golden of model.golden) {
    let quickestMs = Number.POSITIVE_INFINITY;
    let spentMs = 0;
    for (let run = 0; run < runs && spentMs < ENOUGH_MS; run += 1) {
      const { outputs, runMs } = await running.measure(golden.inputs);
      quickestMs = Math.min(quickestMs, runMs);
      spentMs += runMs;
      if (run > 0) continue;
      const params = { model: model.name, case: golden.name };
      const output = notFinite(outputs);
      if (output !== undefined) throw new HostError('model-not-finite', { ...params, output });
      const problem = compare(outputs, golden.outputs, model.tolerance);
      if (problem !== undefined) throw new HostError('model-golden', { ...params, problem });
    }
    timesMs.push(quickestMs);
  }
  if (model.maxBatchSize > 1) await reproduceStacked(model, running);
  return timesMs.sort((a, b) => a - b)[timesMs.length >> 1] ?? 0;
}

/** A model that mixes the questions of a stack makes the advice of a plan depend on another plan. */
async function reproduceStacked(model: ModelPackage, running: RunningModel): Promise<void> {
  for (const alike of groupAlike(model.golden)) {
    const cases = (alike.length > 1 ? alike : [...alike, ...alike]).slice(0, model.maxBatchSize);
    const questions = cases.map(({ inputs }) => inputs);
    const { outputs } = await running.measure(stack(questions));
    unstack(outputs, questions).forEach((answer, i) => {
      const golden = cases[i];
      const problem = golden && compare(answer, golden.outputs, model.tolerance);
      if (problem === undefined) return;
      const stacked = `${problem}, stacked with ${cases.length - 1} more`;
      throw new HostError('model-golden', {
        model: model.name,
        case: golden?.name ?? '',
        problem: stacked,
      });
    });
  }
}
