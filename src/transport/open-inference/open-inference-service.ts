import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { Log } from '../../domain/log.js';
import { metadataOf, repositoryIndex } from '../../domain/open-inference/question.js';
import {
  type AccessGuard,
  CALL_NEEDS,
  type Need,
  type Shown,
} from '../../domain/operations/access.js';
import type { ModelServer } from '../../domain/operations/model-server.js';
import type { GRPCInferenceServiceHandlers } from '../../generated/inference/GRPCInferenceService.js';
import { shownBy } from '../operator/operator-credentials.js';
import { toStatus } from '../status.js';
import { decodeInputs, encodeAnswer } from './infer-codec.js';

export interface OpenInferenceDependencies {
  readonly log: Log;
  readonly version: string;
  readonly guard: AccessGuard;
  readonly models: ModelServer;
  /** Whether plans would be taken. */
  readonly isReady: () => boolean;
}

type Method =
  Extract<
    keyof typeof CALL_NEEDS,
    `GRPCInferenceService.${string}`
  > extends `GRPCInferenceService.${infer M}`
    ? M
    : never;

/** Sooner than anything of the request is looked at. What an operator may do is proven on this address, wherever the caller is. */
async function admit(guard: AccessGuard, method: Method, shown: Shown): Promise<void> {
  const need: Need = CALL_NEEDS[`GRPCInferenceService.${method}`];
  if (need === 'anyone') return;
  await (need === 'operator' ? guard.prove(shown) : guard.admit(shown, need));
}

/** The Open Inference Protocol over the repository's models. */
export function openInferenceHandlers(
  dependencies: OpenInferenceDependencies,
): GRPCInferenceServiceHandlers {
  const { log, version, guard, models, isReady } = dependencies;
  const asking =
    <Q, A>(method: Method, answer: (request: Q, signal: AbortSignal) => A | Promise<A>) =>
    (call: ServerUnaryCall<Q, A>, reply: sendUnaryData<A>): void => {
      const abort = new AbortController();
      call.on('cancelled', () => abort.abort());
      Promise.resolve()
        .then(() => admit(guard, method, shownBy(call)))
        .then(() => answer(call.request, abort.signal))
        .then(
          (value) => reply(null, value),
          (thrown: unknown) => reply(toStatus(thrown, log, 'inference refused')),
        );
    };
  return {
    ServerLive: asking('ServerLive', () => ({ live: true })),
    ServerReady: asking('ServerReady', () => ({ ready: isReady() })),
    ModelReady: asking('ModelReady', ({ name = '', version: of = '' }) => ({
      ready: models.isReady(name, of),
    })),
    ServerMetadata: asking('ServerMetadata', () => ({
      name: 'dh-advisor',
      version,
      extensions: ['model_repository'],
    })),
    ModelMetadata: asking('ModelMetadata', async ({ name = '', version: of = '' }) => {
      const { versions, inputs, outputs, ...model } = metadataOf(await models.describe(name, of));
      const ports = (tensors: typeof inputs) =>
        tensors.map(({ shape, ...port }) => ({ ...port, shape: [...shape] }));
      return { ...model, versions: [...versions], inputs: ports(inputs), outputs: ports(outputs) };
    }),
    ModelInfer: asking('ModelInfer', async (request, signal) => {
      const { modelName = '', modelVersion = '' } = request;
      const inputs = decodeInputs(request);
      return encodeAnswer(await models.infer(modelName, modelVersion, inputs, signal), request);
    }),
    RepositoryIndex: asking('RepositoryIndex', ({ ready = false }) => ({
      models: [...repositoryIndex(models.models(), ready)],
    })),
    RepositoryModelLoad: asking('RepositoryModelLoad', async ({ modelName = '' }) => {
      await models.load(modelName);
      return {};
    }),
    RepositoryModelUnload: asking('RepositoryModelUnload', async ({ modelName = '' }) => {
      await models.unload(modelName);
      return {};
    }),
  };
}
