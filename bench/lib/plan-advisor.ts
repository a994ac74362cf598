// The contract as the host reads it.
import { resolve } from 'node:path';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import type { PlanAdvisorClient } from '../../src/generated/dh/advisor/v1/PlanAdvisor.js';
import type { ProtoGrpcType } from '../../src/generated/plan_advisor.js';
import { loadContract } from '../../src/transport/proto-options.js';

const contract = loadPackageDefinition(loadContract(resolve('proto')));

/** The service, for a server or as a client's class. */
export const { PlanAdvisor } = (contract as unknown as ProtoGrpcType).dh.advisor.v1;

/** A client with a connection of its own, as different optimizers have. */
export function planClient(address: string): PlanAdvisorClient {
  return new PlanAdvisor(address, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_http_proxy': 0,
  });
}
