import type { PlanView } from '../plan-view.js';
import { ModelUnavailable, NotApplicable } from '../plugin-error.js';
import type { Role } from '../role.js';
import type { Inference, InferenceHandle, ModelTensors } from '../services.js';

export interface ExpectedModel {
  readonly role: Role;
  readonly inputs: readonly string[];
  /** `ood_score` is expected of every model and need not be named. */
  readonly outputs: readonly string[];
}

/**
 * Opens a model and makes sure that it is the kind the plugin was written for.
 * @throws ModelUnavailable when there is no such model or it has another role, other inputs or lacks an output.
 */
export async function openModel(
  inference: Inference,
  name: string,
  expected: ExpectedModel,
): Promise<InferenceHandle> {
  const handle = await inference.open(name);
  const { role, inputs, outputs } = handle.signature;
  const { id, version } = handle.model;
  const refuse = (problem: string) =>
    new ModelUnavailable(`model ${id}/${version} does not fit the plugin: ${problem}`);
  if (role !== expected.role) throw refuse(`its role is ${role}, not ${expected.role}`);
  const names = inputs.map((input) => input.name).sort();
  if (names.join() !== [...expected.inputs].sort().join()) {
    throw refuse(`its inputs are ${names.join(', ')}, not ${expected.inputs.join(', ')}`);
  }
  const missing = expected.outputs.filter((name) =>
    outputs.every((output) => output.name !== name),
  );
  if (missing.length > 0) throw refuse(`it has no output ${missing.join(', ')}`);
  return handle;
}

/** @throws NotApplicable when the model was trained for another weight ceiling than the plan's. */
export function checkWeightCeiling({ signature }: InferenceHandle, plan: PlanView): void {
  const trained = signature.weightCeiling;
  if (trained === undefined || Math.abs(trained - plan.weightCeiling) <= 1e-9 * trained) return;
  throw new NotApplicable(`trained for a weight ceiling of ${trained}, not ${plan.weightCeiling}`);
}

/** The values of an output that the model is known to have. */
export function outputOf(outputs: ModelTensors, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new ModelUnavailable(`the model gave no float32 \`${name}\``);
}

/** How far outside its training ranges the model found the question: 0 inside, 1 at the refusal threshold. */
export function oodScore(outputs: ModelTensors): number {
  return outputOf(outputs, 'ood_score')[0] ?? Number.NaN;
}
