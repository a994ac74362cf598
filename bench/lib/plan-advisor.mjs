// The contract as proto-loader reads it.
import { fileURLToPath } from 'node:url';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/**
 * The service `PlanAdvisor`, for a server or as a client's class.
 * @param {import('@grpc/proto-loader').Options} options
 * @returns {any}
 */
export function planAdvisor(options) {
  const includeDirs = [fileURLToPath(new URL('../../proto', import.meta.url))];
  const definition = loadSync('dh/advisor/v1/plan_advisor.proto', { includeDirs, ...options });
  /** @type {any} */
  const packages = loadPackageDefinition(definition);
  return packages.dh.advisor.v1.PlanAdvisor;
}
