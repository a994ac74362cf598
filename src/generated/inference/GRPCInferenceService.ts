// Original file: proto/inference/open_inference.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ModelInferRequestInit as _inference_ModelInferRequestInit, ModelInferRequest as _inference_ModelInferRequest } from '../inference/ModelInferRequest.js';
import type { ModelInferResponseInit as _inference_ModelInferResponseInit, ModelInferResponse as _inference_ModelInferResponse } from '../inference/ModelInferResponse.js';
import type { ModelMetadataRequestInit as _inference_ModelMetadataRequestInit, ModelMetadataRequest as _inference_ModelMetadataRequest } from '../inference/ModelMetadataRequest.js';
import type { ModelMetadataResponseInit as _inference_ModelMetadataResponseInit, ModelMetadataResponse as _inference_ModelMetadataResponse } from '../inference/ModelMetadataResponse.js';
import type { ModelReadyRequestInit as _inference_ModelReadyRequestInit, ModelReadyRequest as _inference_ModelReadyRequest } from '../inference/ModelReadyRequest.js';
import type { ModelReadyResponseInit as _inference_ModelReadyResponseInit, ModelReadyResponse as _inference_ModelReadyResponse } from '../inference/ModelReadyResponse.js';
import type { RepositoryIndexRequestInit as _inference_RepositoryIndexRequestInit, RepositoryIndexRequest as _inference_RepositoryIndexRequest } from '../inference/RepositoryIndexRequest.js';
import type { RepositoryIndexResponseInit as _inference_RepositoryIndexResponseInit, RepositoryIndexResponse as _inference_RepositoryIndexResponse } from '../inference/RepositoryIndexResponse.js';
import type { RepositoryModelLoadRequestInit as _inference_RepositoryModelLoadRequestInit, RepositoryModelLoadRequest as _inference_RepositoryModelLoadRequest } from '../inference/RepositoryModelLoadRequest.js';
import type { RepositoryModelLoadResponseInit as _inference_RepositoryModelLoadResponseInit, RepositoryModelLoadResponse as _inference_RepositoryModelLoadResponse } from '../inference/RepositoryModelLoadResponse.js';
import type { RepositoryModelUnloadRequestInit as _inference_RepositoryModelUnloadRequestInit, RepositoryModelUnloadRequest as _inference_RepositoryModelUnloadRequest } from '../inference/RepositoryModelUnloadRequest.js';
import type { RepositoryModelUnloadResponseInit as _inference_RepositoryModelUnloadResponseInit, RepositoryModelUnloadResponse as _inference_RepositoryModelUnloadResponse } from '../inference/RepositoryModelUnloadResponse.js';
import type { ServerLiveRequestInit as _inference_ServerLiveRequestInit, ServerLiveRequest as _inference_ServerLiveRequest } from '../inference/ServerLiveRequest.js';
import type { ServerLiveResponseInit as _inference_ServerLiveResponseInit, ServerLiveResponse as _inference_ServerLiveResponse } from '../inference/ServerLiveResponse.js';
import type { ServerMetadataRequestInit as _inference_ServerMetadataRequestInit, ServerMetadataRequest as _inference_ServerMetadataRequest } from '../inference/ServerMetadataRequest.js';
import type { ServerMetadataResponseInit as _inference_ServerMetadataResponseInit, ServerMetadataResponse as _inference_ServerMetadataResponse } from '../inference/ServerMetadataResponse.js';
import type { ServerReadyRequestInit as _inference_ServerReadyRequestInit, ServerReadyRequest as _inference_ServerReadyRequest } from '../inference/ServerReadyRequest.js';
import type { ServerReadyResponseInit as _inference_ServerReadyResponseInit, ServerReadyResponse as _inference_ServerReadyResponse } from '../inference/ServerReadyResponse.js';

export interface GRPCInferenceServiceClient extends grpc.Client {
  ModelInfer(argument: _inference_ModelInferRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelInferResponse>): grpc.ClientUnaryCall;
  ModelInfer(argument: _inference_ModelInferRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelInferResponse>): grpc.ClientUnaryCall;
  ModelInfer(argument: _inference_ModelInferRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelInferResponse>): grpc.ClientUnaryCall;
  ModelInfer(argument: _inference_ModelInferRequestInit, callback: grpc.requestCallback<_inference_ModelInferResponse>): grpc.ClientUnaryCall;
  modelInfer(argument: _inference_ModelInferRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelInferResponse>): grpc.ClientUnaryCall;
  modelInfer(argument: _inference_ModelInferRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelInferResponse>): grpc.ClientUnaryCall;
  modelInfer(argument: _inference_ModelInferRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelInferResponse>): grpc.ClientUnaryCall;
  modelInfer(argument: _inference_ModelInferRequestInit, callback: grpc.requestCallback<_inference_ModelInferResponse>): grpc.ClientUnaryCall;
  
  ModelMetadata(argument: _inference_ModelMetadataRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelMetadataResponse>): grpc.ClientUnaryCall;
  ModelMetadata(argument: _inference_ModelMetadataRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelMetadataResponse>): grpc.ClientUnaryCall;
  ModelMetadata(argument: _inference_ModelMetadataRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelMetadataResponse>): grpc.ClientUnaryCall;
  ModelMetadata(argument: _inference_ModelMetadataRequestInit, callback: grpc.requestCallback<_inference_ModelMetadataResponse>): grpc.ClientUnaryCall;
  modelMetadata(argument: _inference_ModelMetadataRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelMetadataResponse>): grpc.ClientUnaryCall;
  modelMetadata(argument: _inference_ModelMetadataRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelMetadataResponse>): grpc.ClientUnaryCall;
  modelMetadata(argument: _inference_ModelMetadataRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelMetadataResponse>): grpc.ClientUnaryCall;
  modelMetadata(argument: _inference_ModelMetadataRequestInit, callback: grpc.requestCallback<_inference_ModelMetadataResponse>): grpc.ClientUnaryCall;
  
  ModelReady(argument: _inference_ModelReadyRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelReadyResponse>): grpc.ClientUnaryCall;
  ModelReady(argument: _inference_ModelReadyRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelReadyResponse>): grpc.ClientUnaryCall;
  ModelReady(argument: _inference_ModelReadyRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelReadyResponse>): grpc.ClientUnaryCall;
  ModelReady(argument: _inference_ModelReadyRequestInit, callback: grpc.requestCallback<_inference_ModelReadyResponse>): grpc.ClientUnaryCall;
  modelReady(argument: _inference_ModelReadyRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelReadyResponse>): grpc.ClientUnaryCall;
  modelReady(argument: _inference_ModelReadyRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelReadyResponse>): grpc.ClientUnaryCall;
  modelReady(argument: _inference_ModelReadyRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelReadyResponse>): grpc.ClientUnaryCall;
  modelReady(argument: _inference_ModelReadyRequestInit, callback: grpc.requestCallback<_inference_ModelReadyResponse>): grpc.ClientUnaryCall;
  
  RepositoryIndex(argument: _inference_RepositoryIndexRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryIndexResponse>): grpc.ClientUnaryCall;
  RepositoryIndex(argument: _inference_RepositoryIndexRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_RepositoryIndexResponse>): grpc.ClientUnaryCall;
  RepositoryIndex(argument: _inference_RepositoryIndexRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryIndexResponse>): grpc.ClientUnaryCall;
  RepositoryIndex(argument: _inference_RepositoryIndexRequestInit, callback: grpc.requestCallback<_inference_RepositoryIndexResponse>): grpc.ClientUnaryCall;
  repositoryIndex(argument: _inference_RepositoryIndexRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryIndexResponse>): grpc.ClientUnaryCall;
  repositoryIndex(argument: _inference_RepositoryIndexRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_RepositoryIndexResponse>): grpc.ClientUnaryCall;
  repositoryIndex(argument: _inference_RepositoryIndexRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryIndexResponse>): grpc.ClientUnaryCall;
  repositoryIndex(argument: _inference_RepositoryIndexRequestInit, callback: grpc.requestCallback<_inference_RepositoryIndexResponse>): grpc.ClientUnaryCall;
  
  RepositoryModelLoad(argument: _inference_RepositoryModelLoadRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryModelLoadResponse>): grpc.ClientUnaryCall;
  RepositoryModelLoad(argument: _inference_RepositoryModelLoadRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_RepositoryModelLoadResponse>): grpc.ClientUnaryCall;
  RepositoryModelLoad(argument: _inference_RepositoryModelLoadRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryModelLoadResponse>): grpc.ClientUnaryCall;
  RepositoryModelLoad(argument: _inference_RepositoryModelLoadRequestInit, callback: grpc.requestCallback<_inference_RepositoryModelLoadResponse>): grpc.ClientUnaryCall;
  repositoryModelLoad(argument: _inference_RepositoryModelLoadRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryModelLoadResponse>): grpc.ClientUnaryCall;
  repositoryModelLoad(argument: _inference_RepositoryModelLoadRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_RepositoryModelLoadResponse>): grpc.ClientUnaryCall;
  repositoryModelLoad(argument: _inference_RepositoryModelLoadRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryModelLoadResponse>): grpc.ClientUnaryCall;
  repositoryModelLoad(argument: _inference_RepositoryModelLoadRequestInit, callback: grpc.requestCallback<_inference_RepositoryModelLoadResponse>): grpc.ClientUnaryCall;
  
  RepositoryModelUnload(argument: _inference_RepositoryModelUnloadRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryModelUnloadResponse>): grpc.ClientUnaryCall;
  RepositoryModelUnload(argument: _inference_RepositoryModelUnloadRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_RepositoryModelUnloadResponse>): grpc.ClientUnaryCall;
  RepositoryModelUnload(argument: _inference_RepositoryModelUnloadRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryModelUnloadResponse>): grpc.ClientUnaryCall;
  RepositoryModelUnload(argument: _inference_RepositoryModelUnloadRequestInit, callback: grpc.requestCallback<_inference_RepositoryModelUnloadResponse>): grpc.ClientUnaryCall;
  repositoryModelUnload(argument: _inference_RepositoryModelUnloadRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryModelUnloadResponse>): grpc.ClientUnaryCall;
  repositoryModelUnload(argument: _inference_RepositoryModelUnloadRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_RepositoryModelUnloadResponse>): grpc.ClientUnaryCall;
  repositoryModelUnload(argument: _inference_RepositoryModelUnloadRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_RepositoryModelUnloadResponse>): grpc.ClientUnaryCall;
  repositoryModelUnload(argument: _inference_RepositoryModelUnloadRequestInit, callback: grpc.requestCallback<_inference_RepositoryModelUnloadResponse>): grpc.ClientUnaryCall;
  
  ServerLive(argument: _inference_ServerLiveRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerLiveResponse>): grpc.ClientUnaryCall;
  ServerLive(argument: _inference_ServerLiveRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerLiveResponse>): grpc.ClientUnaryCall;
  ServerLive(argument: _inference_ServerLiveRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerLiveResponse>): grpc.ClientUnaryCall;
  ServerLive(argument: _inference_ServerLiveRequestInit, callback: grpc.requestCallback<_inference_ServerLiveResponse>): grpc.ClientUnaryCall;
  serverLive(argument: _inference_ServerLiveRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerLiveResponse>): grpc.ClientUnaryCall;
  serverLive(argument: _inference_ServerLiveRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerLiveResponse>): grpc.ClientUnaryCall;
  serverLive(argument: _inference_ServerLiveRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerLiveResponse>): grpc.ClientUnaryCall;
  serverLive(argument: _inference_ServerLiveRequestInit, callback: grpc.requestCallback<_inference_ServerLiveResponse>): grpc.ClientUnaryCall;
  
  ServerMetadata(argument: _inference_ServerMetadataRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerMetadataResponse>): grpc.ClientUnaryCall;
  ServerMetadata(argument: _inference_ServerMetadataRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerMetadataResponse>): grpc.ClientUnaryCall;
  ServerMetadata(argument: _inference_ServerMetadataRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerMetadataResponse>): grpc.ClientUnaryCall;
  ServerMetadata(argument: _inference_ServerMetadataRequestInit, callback: grpc.requestCallback<_inference_ServerMetadataResponse>): grpc.ClientUnaryCall;
  serverMetadata(argument: _inference_ServerMetadataRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerMetadataResponse>): grpc.ClientUnaryCall;
  serverMetadata(argument: _inference_ServerMetadataRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerMetadataResponse>): grpc.ClientUnaryCall;
  serverMetadata(argument: _inference_ServerMetadataRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerMetadataResponse>): grpc.ClientUnaryCall;
  serverMetadata(argument: _inference_ServerMetadataRequestInit, callback: grpc.requestCallback<_inference_ServerMetadataResponse>): grpc.ClientUnaryCall;
  
  ServerReady(argument: _inference_ServerReadyRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerReadyResponse>): grpc.ClientUnaryCall;
  ServerReady(argument: _inference_ServerReadyRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerReadyResponse>): grpc.ClientUnaryCall;
  ServerReady(argument: _inference_ServerReadyRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerReadyResponse>): grpc.ClientUnaryCall;
  ServerReady(argument: _inference_ServerReadyRequestInit, callback: grpc.requestCallback<_inference_ServerReadyResponse>): grpc.ClientUnaryCall;
  serverReady(argument: _inference_ServerReadyRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerReadyResponse>): grpc.ClientUnaryCall;
  serverReady(argument: _inference_ServerReadyRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerReadyResponse>): grpc.ClientUnaryCall;
  serverReady(argument: _inference_ServerReadyRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerReadyResponse>): grpc.ClientUnaryCall;
  serverReady(argument: _inference_ServerReadyRequestInit, callback: grpc.requestCallback<_inference_ServerReadyResponse>): grpc.ClientUnaryCall;
  
}

export interface GRPCInferenceServiceHandlers extends grpc.UntypedServiceImplementation {
  ModelInfer: grpc.handleUnaryCall<_inference_ModelInferRequest, _inference_ModelInferResponseInit>;
  
  ModelMetadata: grpc.handleUnaryCall<_inference_ModelMetadataRequest, _inference_ModelMetadataResponseInit>;
  
  ModelReady: grpc.handleUnaryCall<_inference_ModelReadyRequest, _inference_ModelReadyResponseInit>;
  
  RepositoryIndex: grpc.handleUnaryCall<_inference_RepositoryIndexRequest, _inference_RepositoryIndexResponseInit>;
  
  RepositoryModelLoad: grpc.handleUnaryCall<_inference_RepositoryModelLoadRequest, _inference_RepositoryModelLoadResponseInit>;
  
  RepositoryModelUnload: grpc.handleUnaryCall<_inference_RepositoryModelUnloadRequest, _inference_RepositoryModelUnloadResponseInit>;
  
  ServerLive: grpc.handleUnaryCall<_inference_ServerLiveRequest, _inference_ServerLiveResponseInit>;
  
  ServerMetadata: grpc.handleUnaryCall<_inference_ServerMetadataRequest, _inference_ServerMetadataResponseInit>;
  
  ServerReady: grpc.handleUnaryCall<_inference_ServerReadyRequest, _inference_ServerReadyResponseInit>;
  
}

export interface GRPCInferenceServiceDefinition extends grpc.ServiceDefinition {
  ModelInfer: MethodDefinition<_inference_ModelInferRequestInit, _inference_ModelInferResponseInit, _inference_ModelInferRequest, _inference_ModelInferResponse>
  ModelMetadata: MethodDefinition<_inference_ModelMetadataRequestInit, _inference_ModelMetadataResponseInit, _inference_ModelMetadataRequest, _inference_ModelMetadataResponse>
  ModelReady: MethodDefinition<_inference_ModelReadyRequestInit, _inference_ModelReadyResponseInit, _inference_ModelReadyRequest, _inference_ModelReadyResponse>
  RepositoryIndex: MethodDefinition<_inference_RepositoryIndexRequestInit, _inference_RepositoryIndexResponseInit, _inference_RepositoryIndexRequest, _inference_RepositoryIndexResponse>
  RepositoryModelLoad: MethodDefinition<_inference_RepositoryModelLoadRequestInit, _inference_RepositoryModelLoadResponseInit, _inference_RepositoryModelLoadRequest, _inference_RepositoryModelLoadResponse>
  RepositoryModelUnload: MethodDefinition<_inference_RepositoryModelUnloadRequestInit, _inference_RepositoryModelUnloadResponseInit, _inference_RepositoryModelUnloadRequest, _inference_RepositoryModelUnloadResponse>
  ServerLive: MethodDefinition<_inference_ServerLiveRequestInit, _inference_ServerLiveResponseInit, _inference_ServerLiveRequest, _inference_ServerLiveResponse>
  ServerMetadata: MethodDefinition<_inference_ServerMetadataRequestInit, _inference_ServerMetadataResponseInit, _inference_ServerMetadataRequest, _inference_ServerMetadataResponse>
  ServerReady: MethodDefinition<_inference_ServerReadyRequestInit, _inference_ServerReadyResponseInit, _inference_ServerReadyRequest, _inference_ServerReadyResponse>
}
