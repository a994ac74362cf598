import {
  loadPackageDefinition,
  Server,
  type ServerCredentials,
  type ServerDuplexStream,
} from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { listenError } from '../domain/errors/listen-error.js';
import type { HostConfig } from '../domain/host-config.js';
import type { HostCertificates } from '../domain/operations/certificates.js';
import type { StreamMetrics } from '../domain/operations/metrics.js';
import type { ModelServer } from '../domain/operations/model-server.js';
import type { Advisor } from '../domain/session/advisor.js';
import type { AdvisorEventInit } from '../generated/dh/advisor/v1/AdvisorEvent.js';
import type { OptimizerEvent } from '../generated/dh/advisor/v1/OptimizerEvent.js';
import type { ProtoGrpcType as InferenceGrpcType } from '../generated/open_inference.js';
import type { ProtoGrpcType as OperatorGrpcType } from '../generated/operator.js';
import type { ProtoGrpcType } from '../generated/plan_advisor.js';
import { AdviseStream } from './advise-stream.js';
import { checkBounds } from './codec/message-bounds.js';
import { decodingSafely, type Undecodable } from './codec/undecodable.js';
import { listenerCredentials } from './listener-credentials.js';
import { openInferenceHandlers } from './open-inference/open-inference-service.js';
import { type OperatorDependencies, operatorHandlers } from './operator/operator-service.js';
import { loadContract, loadOpenInference, loadReflected } from './proto-options.js';
import { UnopenedStreams } from './unopened-streams.js';

export interface GrpcHostDependencies extends OperatorDependencies {
  readonly advisor: Advisor;
  readonly modelServer: ModelServer;
  readonly metrics: StreamMetrics;
  readonly certificates: HostCertificates;
  readonly config: () => HostConfig;
  /** The folder that holds `dh/advisor/v1`. */
  readonly protoDirectory: string;
}

/** Addresses as bound, which differ from the configured ones at port 0. */
export interface BoundAddresses {
  readonly address: string;
  readonly operatorAddress: string;
}

const ADVISOR_SERVICE = 'dh.advisor.v1.PlanAdvisor';
const SHUTDOWN_GRACE_MS = 200;
/** Until whoever is asked whether it is there is taken for gone. */
const KEEPALIVE_TIMEOUT_MS = 20_000;
/** A connection without a stream. */
const IDLE_CONNECTION_MS = 300_000;

/** The two gRPC servers: PlanAdvisor with health and reflection, and OperatorService apart from it. */
export class GrpcHost {
  readonly #dependencies: GrpcHostDependencies;
  readonly #planServer: Server;
  readonly #operatorServer: Server;
  readonly #health: HealthImplementation;

  constructor(dependencies: GrpcHostDependencies) {
    this.#dependencies = dependencies;
    const { board, protoDirectory } = dependencies;
    const { maxMessageBytes, keepaliveMs } = dependencies.config().server;
    const contract = loadContract(protoDirectory);
    const grpc = loadPackageDefinition(contract) as unknown as ProtoGrpcType & OperatorGrpcType;
    const { PlanAdvisor, OperatorService } = grpc.dh.advisor.v1;

    // Without them a connection that broke, or whose other end is gone, would be kept for good.
    const liveness = {
      'grpc.keepalive_time_ms': keepaliveMs,
      'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
      'grpc.max_connection_idle_ms': IDLE_CONNECTION_MS,
      // Nobody reads it, and it costs every message.
      'grpc.enable_channelz': 0,
    };
    this.#planServer = new Server({
      ...liveness,
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': maxMessageBytes,
    });
    const limits = () => dependencies.config().server;
    const unopened = new UnopenedStreams(dependencies.clock, limits);
    this.#planServer.addService(decodingSafely(PlanAdvisor.service, checkBounds), {
      Advise: (call: ServerDuplexStream<OptimizerEvent | Undecodable, AdvisorEventInit>) => {
        new AdviseStream(call, { ...dependencies, limits, unopened });
      },
    });
    this.#health = new HealthImplementation({ '': 'SERVING', [ADVISOR_SERVICE]: 'SERVING' });
    this.#health.addToServer(this.#planServer);
    this.#operatorServer = new Server(liveness);
    this.#operatorServer.addService(OperatorService.service, operatorHandlers(dependencies));
    const hasInference = dependencies.config().openInference.enabled;
    if (hasInference) this.#serveInference();
    const reflection = new ReflectionService(loadReflected(protoDirectory, hasInference));
    reflection.addToServer(this.#planServer);
    reflection.addToServer(this.#operatorServer);
    board.onChange(() => this.#publishHealth());
    this.#publishHealth();
  }

  /** @throws HostError `address-unusable` */
  async listen(): Promise<BoundAddresses> {
    const { certificates, config } = this.#dependencies;
    const { server, operatorAddress } = config();
    const credentials = {
      server: listenerCredentials(certificates.of('server')),
      operator: listenerCredentials(certificates.of('operator')),
    };
    return {
      address: await bind(this.#planServer, 'server.address', server.address, credentials.server),
      operatorAddress: await bind(
        this.#operatorServer,
        'operator.address',
        operatorAddress,
        credentials.operator,
      ),
    };
  }

  /** Lets go gracefully: not serving, no new plans, open ones told and waited for, then the rest cut off. */
  async drain(withinMs: number): Promise<void> {
    const { registry, board } = this.#dependencies;
    for (const service of ['', ADVISOR_SERVICE]) this.#health.setStatus(service, 'NOT_SERVING');
    for (const { binding } of board.roles()) {
      this.#health.setStatus(`role.${binding.role}`, 'NOT_SERVING');
    }
    await registry.drain(withinMs);
    await Promise.all([this.#shutDown(this.#planServer), this.#shutDown(this.#operatorServer)]);
  }

  #serveInference(): void {
    const { log, version, guard, modelServer, registry, protoDirectory } = this.#dependencies;
    const definition = loadOpenInference(protoDirectory);
    const { inference } = loadPackageDefinition(definition) as unknown as InferenceGrpcType;
    const isReady = () => !registry.isDraining;
    const handlers = openInferenceHandlers({ log, version, guard, models: modelServer, isReady });
    this.#planServer.addService(inference.GRPCInferenceService.service, handlers);
  }

  #publishHealth(): void {
    const { board, registry } = this.#dependencies;
    if (registry.isDraining) return;
    const failing = new Set(
      board.roles().flatMap(({ binding, isHealthy }) => (isHealthy ? [] : [binding.role])),
    );
    for (const { binding } of board.roles()) {
      const status = failing.has(binding.role) ? 'NOT_SERVING' : 'SERVING';
      this.#health.setStatus(`role.${binding.role}`, status);
    }
  }

  /** `tryShutdown` waits for open streams, such as a health watch, for as long as they like. */
  #shutDown(server: Server): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#dependencies.clock.schedule(SHUTDOWN_GRACE_MS, () => {
        server.forceShutdown();
        resolve();
      });
      server.tryShutdown(() => {
        cancel();
        resolve();
      });
    });
  }
}

function bind(
  server: Server,
  key: string,
  address: string,
  credentials: ServerCredentials,
): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(listenError(key, address, error));
      else resolve(address.replace(/:\d+$/, `:${port}`));
    });
  });
}
