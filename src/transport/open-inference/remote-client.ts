import { readFileSync } from 'node:fs';
import {
  type CallOptions,
  type ChannelCredentials,
  type ClientUnaryCall,
  credentials,
  loadPackageDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { questionOf } from '../../domain/open-inference/question.js';
import type {
  ConnectRemote,
  RemotePort,
  RemoteTarget,
  RemoteTls,
} from '../../domain/open-inference/remote.js';
import type { ModelInferRequestInit } from '../../generated/inference/ModelInferRequest.js';
import type { ModelInferResponse } from '../../generated/inference/ModelInferResponse.js';
import type { ModelMetadataResponse } from '../../generated/inference/ModelMetadataResponse.js';
import type { ProtoGrpcType } from '../../generated/open_inference.js';
import type { ModelTensors } from '../../plugin-sdk/index.js';
import { loadOpenInference } from '../proto-options.js';

/** Of the largest answer that a model of ours gives, with room. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

type Call<A> = (
  options: CallOptions,
  done: (error: ServiceError | null, answer?: A) => void,
) => ClientUnaryCall;

/** Asks models of servers that speak the Open Inference Protocol over gRPC, one channel for each. */
export function connectRemote(protoDirectory: string): ConnectRemote {
  const loaded = loadPackageDefinition(loadOpenInference(protoDirectory));
  const { inference } = loaded as unknown as ProtoGrpcType;
  return (target, model, version) => {
    const client = new inference.GRPCInferenceService(target.address, credentialsOf(target), {
      'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
      // A question that is lost is the caller's to ask again, or to do without.
      'grpc.enable_retries': 0,
    });
    const named = { name: target.model ?? model, version: target.version ?? version };
    return {
      metadata: async (withinMs) => {
        const { inputs = [], outputs = [] } = await settled<ModelMetadataResponse>(
          (options, done) => client.ModelMetadata(named, options, done),
          withinMs,
        );
        return { inputs: inputs.map(portOf), outputs: outputs.map(portOf) };
      },
      infer: async (inputs, withinMs, signal) => {
        const request = encodeQuestion(named.name, named.version, inputs);
        const answer = await settled<ModelInferResponse>(
          (options, done) => client.ModelInfer(request, options, done),
          withinMs,
          signal,
        );
        return decodeAnswer(answer);
      },
      close: () => client.close(),
    };
  };
}

function credentialsOf({ tls }: RemoteTarget): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const read = (file: string | undefined) => (file === undefined ? null : readFileSync(file));
  const { ca, key, certificate }: RemoteTls = tls;
  return credentials.createSsl(read(ca), read(key), read(certificate));
}

function settled<A>(call: Call<A>, withinMs: number, signal?: AbortSignal): Promise<A> {
  return new Promise((resolve, reject) => {
    const started = call({ deadline: Date.now() + withinMs }, (error, answer) => {
      signal?.removeEventListener('abort', cancel);
      if (answer !== undefined) resolve(answer);
      else reject(error ?? new Error('the server answered nothing'));
    });
    const cancel = () => started.cancel();
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

function encodeQuestion(
  modelName: string,
  modelVersion: string,
  inputs: ModelTensors,
): ModelInferRequestInit {
  const tensors = Object.entries(inputs);
  return {
    modelName,
    modelVersion,
    inputs: tensors.map(([name, { shape, data }]) => ({
      name,
      datatype: data instanceof Float32Array ? 'FP32' : 'INT32',
      shape: [...shape],
    })),
    rawInputContents: tensors.map(([, { data }]) =>
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ),
  };
}

function decodeAnswer({ outputs = [], rawOutputContents = [] }: ModelInferResponse): ModelTensors {
  return questionOf(
    outputs.map(({ name = '', datatype = '', shape = [], contents }, i) => ({
      name,
      datatype,
      shape,
      values: datatype === 'FP32' ? contents?.fp32Contents : contents?.intContents,
      raw: rawOutputContents[i],
    })),
  );
}

function portOf(port: Partial<RemotePort>): RemotePort {
  const { name = '', datatype = '', shape = [] } = port;
  return { name, datatype, shape: [...shape] };
}
