import type { ModelTensor, ModelTensors } from '../../plugin-sdk/index.js';

/** Equal for questions that may be stacked: the shapes of all inputs, axis 0 apart. */
function stackKey(inputs: ModelTensors): string {
  let key = '';
  for (const name in inputs) {
    const { shape } = inputs[name] as ModelTensor;
    key += `${name}:`;
    for (let axis = 1; axis < shape.length; axis += 1) key += `${shape[axis]},`;
  }
  return key;
}

function rowsOf(tensors: ModelTensors): number {
  for (const name in tensors) return tensors[name]?.shape[0] ?? 0;
  return 0;
}

/** Questions in groups that may be stacked, in their order. */
export function groupAlike<T extends { readonly inputs: ModelTensors }>(
  questions: readonly T[],
): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const question of questions) {
    const key = stackKey(question.inputs);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [question]);
    else group.push(question);
  }
  return [...groups.values()];
}

/** Stacks questions with the same `stackKey` on axis 0. Nothing is padded. */
export function stack(questions: readonly ModelTensors[]): ModelTensors {
  const first = questions[0] ?? {};
  const stacked: Record<string, ModelTensor> = {};
  for (const name in first) {
    const parts = questions.map((question) => question[name] as ModelTensor);
    const length = parts.reduce((sum, { data }) => sum + data.length, 0);
    const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
    const model = parts[0] as ModelTensor;
    const data =
      model.data instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
    let offset = 0;
    for (const part of parts) {
      data.set(part.data, offset);
      offset += part.data.length;
    }
    stacked[name] = { shape: [rows, ...model.shape.slice(1)], data };
  }
  return stacked;
}

/** The answers of stacked questions, in their order, as views of the stacked answer. */
export function unstack(
  answer: ModelTensors,
  questions: readonly ModelTensors[],
): readonly ModelTensors[] {
  let row = 0;
  return questions.map((question) => {
    const rows = rowsOf(question);
    const outputs: Record<string, ModelTensor> = {};
    for (const name in answer) {
      const { data, shape } = answer[name] as ModelTensor;
      const perRow = data.length / (shape[0] ?? 1);
      outputs[name] = {
        shape: [rows, ...shape.slice(1)],
        data: data.subarray(row * perRow, (row + rows) * perRow),
      };
    }
    row += rows;
    return outputs;
  });
}
