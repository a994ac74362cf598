import protobuf from 'protobufjs';
import { HostError } from '../domain/errors/host-error.js';

/**
 * The parts of ONNX's contract that lead to tensors, with its field numbers (onnx.proto3 of ONNX 1.19). Everything else is skipped
 * unread.
 */
const contract = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        graph: entry('Graph', 7),
        training: many('Training', 20),
        functions: many('Function', 25),
      },
    },
    Training: { fields: { initialization: entry('Graph', 1), algorithm: entry('Graph', 2) } },
    Function: { fields: { node: many('Node', 7), attributes: many('Attribute', 11) } },
    Graph: {
      fields: { node: many('Node', 1), initializer: many('Tensor', 5), sparse: many('Sparse', 15) },
    },
    Node: { fields: { attribute: many('Attribute', 5) } },
    Attribute: {
      fields: {
        t: entry('Tensor', 5),
        g: entry('Graph', 6),
        tensors: many('Tensor', 10),
        graphs: many('Graph', 11),
        sparse: entry('Sparse', 22),
        sparses: many('Sparse', 23),
      },
    },
    Sparse: { fields: { values: entry('Tensor', 1), indices: entry('Tensor', 2) } },
    Tensor: {
      fields: {
        name: entry('string', 8),
        externalData: many('bytes', 13),
        dataLocation: entry('int32', 14),
      },
    },
  },
});

const EXTERNAL = 1;

function entry(type: string, id: number) {
  return { type, id };
}

function many(type: string, id: number) {
  return { rule: 'repeated', type, id };
}

interface Tensor {
  readonly name?: string;
  readonly externalData?: readonly unknown[];
  readonly dataLocation?: number;
}

/**
 * Refuses a model whose weights lie in another file: the runtime would read it from wherever the process happens to be, and no checksum of
 * the package covers it. What is no ONNX at all is left to the runtime to name. @throws HostError `model-external-data`
 */
export function refuseExternalData(file: string, bytes: Uint8Array): void {
  let model: unknown;
  try {
    model = contract.lookupType('Model').decode(bytes);
  } catch {
    return;
  }
  const tensor = findExternal(model);
  if (tensor === undefined) return;
  throw new HostError('model-external-data', { file, tensor: tensor.name || 'without a name' });
}

function findExternal(part: unknown): Tensor | undefined {
  if (Array.isArray(part)) {
    for (const entry of part) {
      const found = findExternal(entry);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  // Bytes and numbers lead nowhere.
  if (!(part instanceof protobuf.Message)) return undefined;
  const { externalData = [], dataLocation } = part as Tensor;
  if (dataLocation === EXTERNAL || externalData.length > 0) return part as Tensor;
  return findExternal(Object.values(part));
}
