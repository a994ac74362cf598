// Original file: proto/dh/advisor/v1/operator.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ChangeConfigurationRequestInit as _dh_advisor_v1_ChangeConfigurationRequestInit, ChangeConfigurationRequest as _dh_advisor_v1_ChangeConfigurationRequest } from '../../../dh/advisor/v1/ChangeConfigurationRequest.js';
import type { ChangeConfigurationResponseInit as _dh_advisor_v1_ChangeConfigurationResponseInit, ChangeConfigurationResponse as _dh_advisor_v1_ChangeConfigurationResponse } from '../../../dh/advisor/v1/ChangeConfigurationResponse.js';
import type { GetGenerationRequestInit as _dh_advisor_v1_GetGenerationRequestInit, GetGenerationRequest as _dh_advisor_v1_GetGenerationRequest } from '../../../dh/advisor/v1/GetGenerationRequest.js';
import type { GetGenerationResponseInit as _dh_advisor_v1_GetGenerationResponseInit, GetGenerationResponse as _dh_advisor_v1_GetGenerationResponse } from '../../../dh/advisor/v1/GetGenerationResponse.js';
import type { GetStatusRequestInit as _dh_advisor_v1_GetStatusRequestInit, GetStatusRequest as _dh_advisor_v1_GetStatusRequest } from '../../../dh/advisor/v1/GetStatusRequest.js';
import type { GetStatusResponseInit as _dh_advisor_v1_GetStatusResponseInit, GetStatusResponse as _dh_advisor_v1_GetStatusResponse } from '../../../dh/advisor/v1/GetStatusResponse.js';
import type { ListGenerationsRequestInit as _dh_advisor_v1_ListGenerationsRequestInit, ListGenerationsRequest as _dh_advisor_v1_ListGenerationsRequest } from '../../../dh/advisor/v1/ListGenerationsRequest.js';
import type { ListGenerationsResponseInit as _dh_advisor_v1_ListGenerationsResponseInit, ListGenerationsResponse as _dh_advisor_v1_ListGenerationsResponse } from '../../../dh/advisor/v1/ListGenerationsResponse.js';
import type { ListModelsRequestInit as _dh_advisor_v1_ListModelsRequestInit, ListModelsRequest as _dh_advisor_v1_ListModelsRequest } from '../../../dh/advisor/v1/ListModelsRequest.js';
import type { ListModelsResponseInit as _dh_advisor_v1_ListModelsResponseInit, ListModelsResponse as _dh_advisor_v1_ListModelsResponse } from '../../../dh/advisor/v1/ListModelsResponse.js';
import type { ListPluginsRequestInit as _dh_advisor_v1_ListPluginsRequestInit, ListPluginsRequest as _dh_advisor_v1_ListPluginsRequest } from '../../../dh/advisor/v1/ListPluginsRequest.js';
import type { ListPluginsResponseInit as _dh_advisor_v1_ListPluginsResponseInit, ListPluginsResponse as _dh_advisor_v1_ListPluginsResponse } from '../../../dh/advisor/v1/ListPluginsResponse.js';
import type { ListSessionsRequestInit as _dh_advisor_v1_ListSessionsRequestInit, ListSessionsRequest as _dh_advisor_v1_ListSessionsRequest } from '../../../dh/advisor/v1/ListSessionsRequest.js';
import type { ListSessionsResponseInit as _dh_advisor_v1_ListSessionsResponseInit, ListSessionsResponse as _dh_advisor_v1_ListSessionsResponse } from '../../../dh/advisor/v1/ListSessionsResponse.js';
import type { PromoteExperimentRequestInit as _dh_advisor_v1_PromoteExperimentRequestInit, PromoteExperimentRequest as _dh_advisor_v1_PromoteExperimentRequest } from '../../../dh/advisor/v1/PromoteExperimentRequest.js';
import type { PromoteExperimentResponseInit as _dh_advisor_v1_PromoteExperimentResponseInit, PromoteExperimentResponse as _dh_advisor_v1_PromoteExperimentResponse } from '../../../dh/advisor/v1/PromoteExperimentResponse.js';
import type { ReleaseExperimentRequestInit as _dh_advisor_v1_ReleaseExperimentRequestInit, ReleaseExperimentRequest as _dh_advisor_v1_ReleaseExperimentRequest } from '../../../dh/advisor/v1/ReleaseExperimentRequest.js';
import type { ReleaseExperimentResponseInit as _dh_advisor_v1_ReleaseExperimentResponseInit, ReleaseExperimentResponse as _dh_advisor_v1_ReleaseExperimentResponse } from '../../../dh/advisor/v1/ReleaseExperimentResponse.js';
import type { ResumeAdviceRequestInit as _dh_advisor_v1_ResumeAdviceRequestInit, ResumeAdviceRequest as _dh_advisor_v1_ResumeAdviceRequest } from '../../../dh/advisor/v1/ResumeAdviceRequest.js';
import type { ResumeAdviceResponseInit as _dh_advisor_v1_ResumeAdviceResponseInit, ResumeAdviceResponse as _dh_advisor_v1_ResumeAdviceResponse } from '../../../dh/advisor/v1/ResumeAdviceResponse.js';
import type { StopAdviceRequestInit as _dh_advisor_v1_StopAdviceRequestInit, StopAdviceRequest as _dh_advisor_v1_StopAdviceRequest } from '../../../dh/advisor/v1/StopAdviceRequest.js';
import type { StopAdviceResponseInit as _dh_advisor_v1_StopAdviceResponseInit, StopAdviceResponse as _dh_advisor_v1_StopAdviceResponse } from '../../../dh/advisor/v1/StopAdviceResponse.js';

export interface OperatorServiceClient extends grpc.Client {
  ChangeConfiguration(argument: _dh_advisor_v1_ChangeConfigurationRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ChangeConfigurationResponse>): grpc.ClientUnaryCall;
  ChangeConfiguration(argument: _dh_advisor_v1_ChangeConfigurationRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ChangeConfigurationResponse>): grpc.ClientUnaryCall;
  ChangeConfiguration(argument: _dh_advisor_v1_ChangeConfigurationRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ChangeConfigurationResponse>): grpc.ClientUnaryCall;
  ChangeConfiguration(argument: _dh_advisor_v1_ChangeConfigurationRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ChangeConfigurationResponse>): grpc.ClientUnaryCall;
  changeConfiguration(argument: _dh_advisor_v1_ChangeConfigurationRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ChangeConfigurationResponse>): grpc.ClientUnaryCall;
  changeConfiguration(argument: _dh_advisor_v1_ChangeConfigurationRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ChangeConfigurationResponse>): grpc.ClientUnaryCall;
  changeConfiguration(argument: _dh_advisor_v1_ChangeConfigurationRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ChangeConfigurationResponse>): grpc.ClientUnaryCall;
  changeConfiguration(argument: _dh_advisor_v1_ChangeConfigurationRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ChangeConfigurationResponse>): grpc.ClientUnaryCall;
  
  GetGeneration(argument: _dh_advisor_v1_GetGenerationRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  GetGeneration(argument: _dh_advisor_v1_GetGenerationRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  GetGeneration(argument: _dh_advisor_v1_GetGenerationRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  GetGeneration(argument: _dh_advisor_v1_GetGenerationRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  getGeneration(argument: _dh_advisor_v1_GetGenerationRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  getGeneration(argument: _dh_advisor_v1_GetGenerationRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  getGeneration(argument: _dh_advisor_v1_GetGenerationRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  getGeneration(argument: _dh_advisor_v1_GetGenerationRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_GetGenerationResponse>): grpc.ClientUnaryCall;
  
  GetStatus(argument: _dh_advisor_v1_GetStatusRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _dh_advisor_v1_GetStatusRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _dh_advisor_v1_GetStatusRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _dh_advisor_v1_GetStatusRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _dh_advisor_v1_GetStatusRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _dh_advisor_v1_GetStatusRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _dh_advisor_v1_GetStatusRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _dh_advisor_v1_GetStatusRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  
  ListGenerations(argument: _dh_advisor_v1_ListGenerationsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  ListGenerations(argument: _dh_advisor_v1_ListGenerationsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  ListGenerations(argument: _dh_advisor_v1_ListGenerationsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  ListGenerations(argument: _dh_advisor_v1_ListGenerationsRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  listGenerations(argument: _dh_advisor_v1_ListGenerationsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  listGenerations(argument: _dh_advisor_v1_ListGenerationsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  listGenerations(argument: _dh_advisor_v1_ListGenerationsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  listGenerations(argument: _dh_advisor_v1_ListGenerationsRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ListGenerationsResponse>): grpc.ClientUnaryCall;
  
  ListModels(argument: _dh_advisor_v1_ListModelsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListModelsResponse>): grpc.ClientUnaryCall;
  ListModels(argument: _dh_advisor_v1_ListModelsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ListModelsResponse>): grpc.ClientUnaryCall;
  ListModels(argument: _dh_advisor_v1_ListModelsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListModelsResponse>): grpc.ClientUnaryCall;
  ListModels(argument: _dh_advisor_v1_ListModelsRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ListModelsResponse>): grpc.ClientUnaryCall;
  listModels(argument: _dh_advisor_v1_ListModelsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListModelsResponse>): grpc.ClientUnaryCall;
  listModels(argument: _dh_advisor_v1_ListModelsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ListModelsResponse>): grpc.ClientUnaryCall;
  listModels(argument: _dh_advisor_v1_ListModelsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListModelsResponse>): grpc.ClientUnaryCall;
  listModels(argument: _dh_advisor_v1_ListModelsRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ListModelsResponse>): grpc.ClientUnaryCall;
  
  ListPlugins(argument: _dh_advisor_v1_ListPluginsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListPluginsResponse>): grpc.ClientUnaryCall;
  ListPlugins(argument: _dh_advisor_v1_ListPluginsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ListPluginsResponse>): grpc.ClientUnaryCall;
  ListPlugins(argument: _dh_advisor_v1_ListPluginsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListPluginsResponse>): grpc.ClientUnaryCall;
  ListPlugins(argument: _dh_advisor_v1_ListPluginsRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ListPluginsResponse>): grpc.ClientUnaryCall;
  listPlugins(argument: _dh_advisor_v1_ListPluginsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListPluginsResponse>): grpc.ClientUnaryCall;
  listPlugins(argument: _dh_advisor_v1_ListPluginsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ListPluginsResponse>): grpc.ClientUnaryCall;
  listPlugins(argument: _dh_advisor_v1_ListPluginsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListPluginsResponse>): grpc.ClientUnaryCall;
  listPlugins(argument: _dh_advisor_v1_ListPluginsRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ListPluginsResponse>): grpc.ClientUnaryCall;
  
  ListSessions(argument: _dh_advisor_v1_ListSessionsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  ListSessions(argument: _dh_advisor_v1_ListSessionsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  ListSessions(argument: _dh_advisor_v1_ListSessionsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  ListSessions(argument: _dh_advisor_v1_ListSessionsRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  listSessions(argument: _dh_advisor_v1_ListSessionsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  listSessions(argument: _dh_advisor_v1_ListSessionsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  listSessions(argument: _dh_advisor_v1_ListSessionsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  listSessions(argument: _dh_advisor_v1_ListSessionsRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ListSessionsResponse>): grpc.ClientUnaryCall;
  
  PromoteExperiment(argument: _dh_advisor_v1_PromoteExperimentRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_PromoteExperimentResponse>): grpc.ClientUnaryCall;
  PromoteExperiment(argument: _dh_advisor_v1_PromoteExperimentRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_PromoteExperimentResponse>): grpc.ClientUnaryCall;
  PromoteExperiment(argument: _dh_advisor_v1_PromoteExperimentRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_PromoteExperimentResponse>): grpc.ClientUnaryCall;
  PromoteExperiment(argument: _dh_advisor_v1_PromoteExperimentRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_PromoteExperimentResponse>): grpc.ClientUnaryCall;
  promoteExperiment(argument: _dh_advisor_v1_PromoteExperimentRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_PromoteExperimentResponse>): grpc.ClientUnaryCall;
  promoteExperiment(argument: _dh_advisor_v1_PromoteExperimentRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_PromoteExperimentResponse>): grpc.ClientUnaryCall;
  promoteExperiment(argument: _dh_advisor_v1_PromoteExperimentRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_PromoteExperimentResponse>): grpc.ClientUnaryCall;
  promoteExperiment(argument: _dh_advisor_v1_PromoteExperimentRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_PromoteExperimentResponse>): grpc.ClientUnaryCall;
  
  ReleaseExperiment(argument: _dh_advisor_v1_ReleaseExperimentRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ReleaseExperimentResponse>): grpc.ClientUnaryCall;
  ReleaseExperiment(argument: _dh_advisor_v1_ReleaseExperimentRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ReleaseExperimentResponse>): grpc.ClientUnaryCall;
  ReleaseExperiment(argument: _dh_advisor_v1_ReleaseExperimentRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ReleaseExperimentResponse>): grpc.ClientUnaryCall;
  ReleaseExperiment(argument: _dh_advisor_v1_ReleaseExperimentRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ReleaseExperimentResponse>): grpc.ClientUnaryCall;
  releaseExperiment(argument: _dh_advisor_v1_ReleaseExperimentRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ReleaseExperimentResponse>): grpc.ClientUnaryCall;
  releaseExperiment(argument: _dh_advisor_v1_ReleaseExperimentRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ReleaseExperimentResponse>): grpc.ClientUnaryCall;
  releaseExperiment(argument: _dh_advisor_v1_ReleaseExperimentRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ReleaseExperimentResponse>): grpc.ClientUnaryCall;
  releaseExperiment(argument: _dh_advisor_v1_ReleaseExperimentRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ReleaseExperimentResponse>): grpc.ClientUnaryCall;
  
  ResumeAdvice(argument: _dh_advisor_v1_ResumeAdviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ResumeAdviceResponse>): grpc.ClientUnaryCall;
  ResumeAdvice(argument: _dh_advisor_v1_ResumeAdviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ResumeAdviceResponse>): grpc.ClientUnaryCall;
  ResumeAdvice(argument: _dh_advisor_v1_ResumeAdviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ResumeAdviceResponse>): grpc.ClientUnaryCall;
  ResumeAdvice(argument: _dh_advisor_v1_ResumeAdviceRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ResumeAdviceResponse>): grpc.ClientUnaryCall;
  resumeAdvice(argument: _dh_advisor_v1_ResumeAdviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ResumeAdviceResponse>): grpc.ClientUnaryCall;
  resumeAdvice(argument: _dh_advisor_v1_ResumeAdviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_ResumeAdviceResponse>): grpc.ClientUnaryCall;
  resumeAdvice(argument: _dh_advisor_v1_ResumeAdviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_ResumeAdviceResponse>): grpc.ClientUnaryCall;
  resumeAdvice(argument: _dh_advisor_v1_ResumeAdviceRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_ResumeAdviceResponse>): grpc.ClientUnaryCall;
  
  StopAdvice(argument: _dh_advisor_v1_StopAdviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_StopAdviceResponse>): grpc.ClientUnaryCall;
  StopAdvice(argument: _dh_advisor_v1_StopAdviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_StopAdviceResponse>): grpc.ClientUnaryCall;
  StopAdvice(argument: _dh_advisor_v1_StopAdviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_StopAdviceResponse>): grpc.ClientUnaryCall;
  StopAdvice(argument: _dh_advisor_v1_StopAdviceRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_StopAdviceResponse>): grpc.ClientUnaryCall;
  stopAdvice(argument: _dh_advisor_v1_StopAdviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_StopAdviceResponse>): grpc.ClientUnaryCall;
  stopAdvice(argument: _dh_advisor_v1_StopAdviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_StopAdviceResponse>): grpc.ClientUnaryCall;
  stopAdvice(argument: _dh_advisor_v1_StopAdviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_StopAdviceResponse>): grpc.ClientUnaryCall;
  stopAdvice(argument: _dh_advisor_v1_StopAdviceRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_StopAdviceResponse>): grpc.ClientUnaryCall;
  
}

export interface OperatorServiceHandlers extends grpc.UntypedServiceImplementation {
  ChangeConfiguration: grpc.handleUnaryCall<_dh_advisor_v1_ChangeConfigurationRequest, _dh_advisor_v1_ChangeConfigurationResponseInit>;
  
  GetGeneration: grpc.handleUnaryCall<_dh_advisor_v1_GetGenerationRequest, _dh_advisor_v1_GetGenerationResponseInit>;
  
  GetStatus: grpc.handleUnaryCall<_dh_advisor_v1_GetStatusRequest, _dh_advisor_v1_GetStatusResponseInit>;
  
  ListGenerations: grpc.handleUnaryCall<_dh_advisor_v1_ListGenerationsRequest, _dh_advisor_v1_ListGenerationsResponseInit>;
  
  ListModels: grpc.handleUnaryCall<_dh_advisor_v1_ListModelsRequest, _dh_advisor_v1_ListModelsResponseInit>;
  
  ListPlugins: grpc.handleUnaryCall<_dh_advisor_v1_ListPluginsRequest, _dh_advisor_v1_ListPluginsResponseInit>;
  
  ListSessions: grpc.handleUnaryCall<_dh_advisor_v1_ListSessionsRequest, _dh_advisor_v1_ListSessionsResponseInit>;
  
  PromoteExperiment: grpc.handleUnaryCall<_dh_advisor_v1_PromoteExperimentRequest, _dh_advisor_v1_PromoteExperimentResponseInit>;
  
  ReleaseExperiment: grpc.handleUnaryCall<_dh_advisor_v1_ReleaseExperimentRequest, _dh_advisor_v1_ReleaseExperimentResponseInit>;
  
  ResumeAdvice: grpc.handleUnaryCall<_dh_advisor_v1_ResumeAdviceRequest, _dh_advisor_v1_ResumeAdviceResponseInit>;
  
  StopAdvice: grpc.handleUnaryCall<_dh_advisor_v1_StopAdviceRequest, _dh_advisor_v1_StopAdviceResponseInit>;
  
}

export interface OperatorServiceDefinition extends grpc.ServiceDefinition {
  ChangeConfiguration: MethodDefinition<_dh_advisor_v1_ChangeConfigurationRequestInit, _dh_advisor_v1_ChangeConfigurationResponseInit, _dh_advisor_v1_ChangeConfigurationRequest, _dh_advisor_v1_ChangeConfigurationResponse>
  GetGeneration: MethodDefinition<_dh_advisor_v1_GetGenerationRequestInit, _dh_advisor_v1_GetGenerationResponseInit, _dh_advisor_v1_GetGenerationRequest, _dh_advisor_v1_GetGenerationResponse>
  GetStatus: MethodDefinition<_dh_advisor_v1_GetStatusRequestInit, _dh_advisor_v1_GetStatusResponseInit, _dh_advisor_v1_GetStatusRequest, _dh_advisor_v1_GetStatusResponse>
  ListGenerations: MethodDefinition<_dh_advisor_v1_ListGenerationsRequestInit, _dh_advisor_v1_ListGenerationsResponseInit, _dh_advisor_v1_ListGenerationsRequest, _dh_advisor_v1_ListGenerationsResponse>
  ListModels: MethodDefinition<_dh_advisor_v1_ListModelsRequestInit, _dh_advisor_v1_ListModelsResponseInit, _dh_advisor_v1_ListModelsRequest, _dh_advisor_v1_ListModelsResponse>
  ListPlugins: MethodDefinition<_dh_advisor_v1_ListPluginsRequestInit, _dh_advisor_v1_ListPluginsResponseInit, _dh_advisor_v1_ListPluginsRequest, _dh_advisor_v1_ListPluginsResponse>
  ListSessions: MethodDefinition<_dh_advisor_v1_ListSessionsRequestInit, _dh_advisor_v1_ListSessionsResponseInit, _dh_advisor_v1_ListSessionsRequest, _dh_advisor_v1_ListSessionsResponse>
  PromoteExperiment: MethodDefinition<_dh_advisor_v1_PromoteExperimentRequestInit, _dh_advisor_v1_PromoteExperimentResponseInit, _dh_advisor_v1_PromoteExperimentRequest, _dh_advisor_v1_PromoteExperimentResponse>
  ReleaseExperiment: MethodDefinition<_dh_advisor_v1_ReleaseExperimentRequestInit, _dh_advisor_v1_ReleaseExperimentResponseInit, _dh_advisor_v1_ReleaseExperimentRequest, _dh_advisor_v1_ReleaseExperimentResponse>
  ResumeAdvice: MethodDefinition<_dh_advisor_v1_ResumeAdviceRequestInit, _dh_advisor_v1_ResumeAdviceResponseInit, _dh_advisor_v1_ResumeAdviceRequest, _dh_advisor_v1_ResumeAdviceResponse>
  StopAdvice: MethodDefinition<_dh_advisor_v1_StopAdviceRequestInit, _dh_advisor_v1_StopAdviceResponseInit, _dh_advisor_v1_StopAdviceRequest, _dh_advisor_v1_StopAdviceResponse>
}
