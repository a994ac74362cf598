// Original file: proto/dh/advisor/v1/operator.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetStatusRequestInit as _dh_advisor_v1_GetStatusRequestInit, GetStatusRequest as _dh_advisor_v1_GetStatusRequest } from '../../../dh/advisor/v1/GetStatusRequest.js';
import type { GetStatusResponseInit as _dh_advisor_v1_GetStatusResponseInit, GetStatusResponse as _dh_advisor_v1_GetStatusResponse } from '../../../dh/advisor/v1/GetStatusResponse.js';
import type { ListPluginsRequestInit as _dh_advisor_v1_ListPluginsRequestInit, ListPluginsRequest as _dh_advisor_v1_ListPluginsRequest } from '../../../dh/advisor/v1/ListPluginsRequest.js';
import type { ListPluginsResponseInit as _dh_advisor_v1_ListPluginsResponseInit, ListPluginsResponse as _dh_advisor_v1_ListPluginsResponse } from '../../../dh/advisor/v1/ListPluginsResponse.js';
import type { ListSessionsRequestInit as _dh_advisor_v1_ListSessionsRequestInit, ListSessionsRequest as _dh_advisor_v1_ListSessionsRequest } from '../../../dh/advisor/v1/ListSessionsRequest.js';
import type { ListSessionsResponseInit as _dh_advisor_v1_ListSessionsResponseInit, ListSessionsResponse as _dh_advisor_v1_ListSessionsResponse } from '../../../dh/advisor/v1/ListSessionsResponse.js';

export interface OperatorServiceClient extends grpc.Client {
  GetStatus(argument: _dh_advisor_v1_GetStatusRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _dh_advisor_v1_GetStatusRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _dh_advisor_v1_GetStatusRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _dh_advisor_v1_GetStatusRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _dh_advisor_v1_GetStatusRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _dh_advisor_v1_GetStatusRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _dh_advisor_v1_GetStatusRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _dh_advisor_v1_GetStatusRequestInit, callback: grpc.requestCallback<_dh_advisor_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  
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
  
}

export interface OperatorServiceHandlers extends grpc.UntypedServiceImplementation {
  GetStatus: grpc.handleUnaryCall<_dh_advisor_v1_GetStatusRequest, _dh_advisor_v1_GetStatusResponseInit>;
  
  ListPlugins: grpc.handleUnaryCall<_dh_advisor_v1_ListPluginsRequest, _dh_advisor_v1_ListPluginsResponseInit>;
  
  ListSessions: grpc.handleUnaryCall<_dh_advisor_v1_ListSessionsRequest, _dh_advisor_v1_ListSessionsResponseInit>;
  
}

export interface OperatorServiceDefinition extends grpc.ServiceDefinition {
  GetStatus: MethodDefinition<_dh_advisor_v1_GetStatusRequestInit, _dh_advisor_v1_GetStatusResponseInit, _dh_advisor_v1_GetStatusRequest, _dh_advisor_v1_GetStatusResponse>
  ListPlugins: MethodDefinition<_dh_advisor_v1_ListPluginsRequestInit, _dh_advisor_v1_ListPluginsResponseInit, _dh_advisor_v1_ListPluginsRequest, _dh_advisor_v1_ListPluginsResponse>
  ListSessions: MethodDefinition<_dh_advisor_v1_ListSessionsRequestInit, _dh_advisor_v1_ListSessionsResponseInit, _dh_advisor_v1_ListSessionsRequest, _dh_advisor_v1_ListSessionsResponse>
}
