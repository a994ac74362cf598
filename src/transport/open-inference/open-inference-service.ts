import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { Log } from '../../domain/log.js';
import {
  type AccessGuard,
  CALL_NEEDS,
  type Need,
  type Shown,
} from '../../domain/operations/access.js';
import type { ModelServer } from '../../domain/operations/model-server.js';
import type { ModelState } from '../../domain/operations/models.js';
import type { GRPCInferenceServiceHandlers } from '../../generated/inference/GRPCInferenceService.js';
import { shownBy } from '../operator/operator-credentials.js';
import { toStatus } from '../status.js';
import { decodeInputs, encodeAnswer, encodeMetadata } from './infer-codec.js';

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

const STATES: Readonly<Record<ModelState['state'], string>> = {
  ready: 'READY',
  loading: 'LOADING',
  available: 'UNAVAILABLE',
  refused: 'UNAVAILABLE',
};

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
    ModelMetadata: asking('ModelMetadata', async ({ name = '', version: of = '' }) =>
      encodeMetadata(await models.describe(name, of)),
    ),
    ModelInfer: asking('ModelInfer', async (request, signal) => {
      const { modelName = '', modelVersion = '' } = request;
      const inputs = decodeInputs(request);
      return encodeAnswer(await models.infer(modelName, modelVersion, inputs, signal), request);
    }),
    RepositoryIndex: asking('RepositoryIndex', ({ ready = false }) => ({
      models: models
        .models()
        .filter(({ state }) => !ready || state === 'ready')
        .map(({ id, version: of, state, reason }) => ({
          name: id,
          version: of,
          state: STATES[state],
          reason,
        })),
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
