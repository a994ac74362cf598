import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { GRPCInferenceServiceClient as _inference_GRPCInferenceServiceClient, GRPCInferenceServiceDefinition as _inference_GRPCInferenceServiceDefinition } from './inference/GRPCInferenceService.js';
import type { InferParameterInit as _inference_InferParameterInit, InferParameter as _inference_InferParameter } from './inference/InferParameter.js';
import type { InferTensorContentsInit as _inference_InferTensorContentsInit, InferTensorContents as _inference_InferTensorContents } from './inference/InferTensorContents.js';
import type { ModelInferRequestInit as _inference_ModelInferRequestInit, ModelInferRequest as _inference_ModelInferRequest } from './inference/ModelInferRequest.js';
import type { ModelInferResponseInit as _inference_ModelInferResponseInit, ModelInferResponse as _inference_ModelInferResponse } from './inference/ModelInferResponse.js';
import type { ModelMetadataRequestInit as _inference_ModelMetadataRequestInit, ModelMetadataRequest as _inference_ModelMetadataRequest } from './inference/ModelMetadataRequest.js';
import type { ModelMetadataResponseInit as _inference_ModelMetadataResponseInit, ModelMetadataResponse as _inference_ModelMetadataResponse } from './inference/ModelMetadataResponse.js';
import type { ModelReadyRequestInit as _inference_ModelReadyRequestInit, ModelReadyRequest as _inference_ModelReadyRequest } from './inference/ModelReadyRequest.js';
import type { ModelReadyResponseInit as _inference_ModelReadyResponseInit, ModelReadyResponse as _inference_ModelReadyResponse } from './inference/ModelReadyResponse.js';
import type { ModelRepositoryParameterInit as _inference_ModelRepositoryParameterInit, ModelRepositoryParameter as _inference_ModelRepositoryParameter } from './inference/ModelRepositoryParameter.js';
import type { RepositoryIndexRequestInit as _inference_RepositoryIndexRequestInit, RepositoryIndexRequest as _inference_RepositoryIndexRequest } from './inference/RepositoryIndexRequest.js';
import type { RepositoryIndexResponseInit as _inference_RepositoryIndexResponseInit, RepositoryIndexResponse as _inference_RepositoryIndexResponse } from './inference/RepositoryIndexResponse.js';
import type { RepositoryModelLoadRequestInit as _inference_RepositoryModelLoadRequestInit, RepositoryModelLoadRequest as _inference_RepositoryModelLoadRequest } from './inference/RepositoryModelLoadRequest.js';
import type { RepositoryModelLoadResponseInit as _inference_RepositoryModelLoadResponseInit, RepositoryModelLoadResponse as _inference_RepositoryModelLoadResponse } from './inference/RepositoryModelLoadResponse.js';
import type { RepositoryModelUnloadRequestInit as _inference_RepositoryModelUnloadRequestInit, RepositoryModelUnloadRequest as _inference_RepositoryModelUnloadRequest } from './inference/RepositoryModelUnloadRequest.js';
import type { RepositoryModelUnloadResponseInit as _inference_RepositoryModelUnloadResponseInit, RepositoryModelUnloadResponse as _inference_RepositoryModelUnloadResponse } from './inference/RepositoryModelUnloadResponse.js';
import type { ServerLiveRequestInit as _inference_ServerLiveRequestInit, ServerLiveRequest as _inference_ServerLiveRequest } from './inference/ServerLiveRequest.js';
import type { ServerLiveResponseInit as _inference_ServerLiveResponseInit, ServerLiveResponse as _inference_ServerLiveResponse } from './inference/ServerLiveResponse.js';
import type { ServerMetadataRequestInit as _inference_ServerMetadataRequestInit, ServerMetadataRequest as _inference_ServerMetadataRequest } from './inference/ServerMetadataRequest.js';
import type { ServerMetadataResponseInit as _inference_ServerMetadataResponseInit, ServerMetadataResponse as _inference_ServerMetadataResponse } from './inference/ServerMetadataResponse.js';
import type { ServerReadyRequestInit as _inference_ServerReadyRequestInit, ServerReadyRequest as _inference_ServerReadyRequest } from './inference/ServerReadyRequest.js';
import type { ServerReadyResponseInit as _inference_ServerReadyResponseInit, ServerReadyResponse as _inference_ServerReadyResponse } from './inference/ServerReadyResponse.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  inference: {
    GRPCInferenceService: SubtypeConstructor<typeof grpc.Client, _inference_GRPCInferenceServiceClient> & { service: _inference_GRPCInferenceServiceDefinition }
    InferParameter: MessageTypeDefinition<_inference_InferParameterInit, _inference_InferParameter>
    InferTensorContents: MessageTypeDefinition<_inference_InferTensorContentsInit, _inference_InferTensorContents>
    ModelInferRequest: MessageTypeDefinition<_inference_ModelInferRequestInit, _inference_ModelInferRequest>
    ModelInferResponse: MessageTypeDefinition<_inference_ModelInferResponseInit, _inference_ModelInferResponse>
    ModelMetadataRequest: MessageTypeDefinition<_inference_ModelMetadataRequestInit, _inference_ModelMetadataRequest>
    ModelMetadataResponse: MessageTypeDefinition<_inference_ModelMetadataResponseInit, _inference_ModelMetadataResponse>
    ModelReadyRequest: MessageTypeDefinition<_inference_ModelReadyRequestInit, _inference_ModelReadyRequest>
    ModelReadyResponse: MessageTypeDefinition<_inference_ModelReadyResponseInit, _inference_ModelReadyResponse>
    ModelRepositoryParameter: MessageTypeDefinition<_inference_ModelRepositoryParameterInit, _inference_ModelRepositoryParameter>
    RepositoryIndexRequest: MessageTypeDefinition<_inference_RepositoryIndexRequestInit, _inference_RepositoryIndexRequest>
    RepositoryIndexResponse: MessageTypeDefinition<_inference_RepositoryIndexResponseInit, _inference_RepositoryIndexResponse>
    RepositoryModelLoadRequest: MessageTypeDefinition<_inference_RepositoryModelLoadRequestInit, _inference_RepositoryModelLoadRequest>
    RepositoryModelLoadResponse: MessageTypeDefinition<_inference_RepositoryModelLoadResponseInit, _inference_RepositoryModelLoadResponse>
    RepositoryModelUnloadRequest: MessageTypeDefinition<_inference_RepositoryModelUnloadRequestInit, _inference_RepositoryModelUnloadRequest>
    RepositoryModelUnloadResponse: MessageTypeDefinition<_inference_RepositoryModelUnloadResponseInit, _inference_RepositoryModelUnloadResponse>
    ServerLiveRequest: MessageTypeDefinition<_inference_ServerLiveRequestInit, _inference_ServerLiveRequest>
    ServerLiveResponse: MessageTypeDefinition<_inference_ServerLiveResponseInit, _inference_ServerLiveResponse>
    ServerMetadataRequest: MessageTypeDefinition<_inference_ServerMetadataRequestInit, _inference_ServerMetadataRequest>
    ServerMetadataResponse: MessageTypeDefinition<_inference_ServerMetadataResponseInit, _inference_ServerMetadataResponse>
    ServerReadyRequest: MessageTypeDefinition<_inference_ServerReadyRequestInit, _inference_ServerReadyRequest>
    ServerReadyResponse: MessageTypeDefinition<_inference_ServerReadyResponseInit, _inference_ServerReadyResponse>
  }
}

