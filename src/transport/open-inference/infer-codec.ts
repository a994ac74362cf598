import { HostError } from '../../domain/errors/host-error.js';
import { answeredTensors, questionOf } from '../../domain/open-inference/question.js';
import type { ModelAnswer } from '../../domain/operations/model-server.js';
import type { ModelInferRequest } from '../../generated/inference/ModelInferRequest.js';
import type { ModelInferResponseInit } from '../../generated/inference/ModelInferResponse.js';
import type { ModelTensors } from '../../plugin-sdk/index.js';

/** What a client asks. @throws HostError `invalid-field` */
export function decodeInputs({
  inputs = [],
  rawInputContents = [],
}: ModelInferRequest): ModelTensors {
  if (rawInputContents.length > 0 && rawInputContents.length !== inputs.length) {
    const problem = `has ${rawInputContents.length} entries for ${inputs.length} inputs`;
    throw new HostError('invalid-field', { field: 'raw_input_contents', problem });
  }
  return questionOf(
    inputs.map(({ name = '', datatype = '', shape = [], contents }, i) => ({
      name,
      datatype,
      shape,
      values: datatype === 'FP32' ? contents?.fp32Contents : contents?.intContents,
      raw: rawInputContents[i],
    })),
  );
}

/** The outputs that were asked for, raw. @throws HostError `invalid-field` for an unknown one. */
export function encodeAnswer(
  answer: ModelAnswer,
  { id = '', outputs: wanted = [] }: ModelInferRequest,
): ModelInferResponseInit {
  const tensors = answeredTensors(
    answer,
    wanted.map(({ name }) => name ?? ''),
  );
  return {
    modelName: answer.identity.id,
    modelVersion: answer.identity.version,
    id,
    outputs: tensors.map(({ name, datatype, shape }) => ({ name, datatype, shape: [...shape] })),
    rawOutputContents: tensors.map(({ data }) =>
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ),
  };
}
