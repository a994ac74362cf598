// Original file: proto/dh/advisor/v1/plan_advisor.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AdvisorEventInit as _dh_advisor_v1_AdvisorEventInit, AdvisorEvent as _dh_advisor_v1_AdvisorEvent } from '../../../dh/advisor/v1/AdvisorEvent.js';
import type { OptimizerEventInit as _dh_advisor_v1_OptimizerEventInit, OptimizerEvent as _dh_advisor_v1_OptimizerEvent } from '../../../dh/advisor/v1/OptimizerEvent.js';

export interface PlanAdvisorClient extends grpc.Client {
  Advise(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_dh_advisor_v1_OptimizerEventInit, _dh_advisor_v1_AdvisorEvent>;
  Advise(options?: grpc.CallOptions): grpc.ClientDuplexStream<_dh_advisor_v1_OptimizerEventInit, _dh_advisor_v1_AdvisorEvent>;
  advise(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_dh_advisor_v1_OptimizerEventInit, _dh_advisor_v1_AdvisorEvent>;
  advise(options?: grpc.CallOptions): grpc.ClientDuplexStream<_dh_advisor_v1_OptimizerEventInit, _dh_advisor_v1_AdvisorEvent>;
  
}

export interface PlanAdvisorHandlers extends grpc.UntypedServiceImplementation {
  Advise: grpc.handleBidiStreamingCall<_dh_advisor_v1_OptimizerEvent, _dh_advisor_v1_AdvisorEventInit>;
  
}

export interface PlanAdvisorDefinition extends grpc.ServiceDefinition {
  Advise: MethodDefinition<_dh_advisor_v1_OptimizerEventInit, _dh_advisor_v1_AdvisorEventInit, _dh_advisor_v1_OptimizerEvent, _dh_advisor_v1_AdvisorEvent>
}
