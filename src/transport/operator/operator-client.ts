import {
  type CallOptions,
  loadPackageDefinition,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { HostError } from '../../domain/errors/host-error.js';
import type {
  ExperimentState,
  PromoteRequest,
  PromotionReport,
} from '../../domain/experiments/experiment-control.js';
import type { HostStatus } from '../../domain/operations/host-status.js';
import type { ModelState } from '../../domain/operations/models.js';
import type {
  ChangeOrigin,
  ChangeReport,
  ChangeRequest,
  GenerationRecord,
  RefusedChange,
} from '../../domain/operations/operations.js';
import type { PluginState } from '../../domain/operations/role-board.js';
import type { SessionState } from '../../domain/session/session-registry.js';
import type { ChangeConfigurationRequestInit } from '../../generated/dh/advisor/v1/ChangeConfigurationRequest.js';
import type { ChangeConfigurationResponse } from '../../generated/dh/advisor/v1/ChangeConfigurationResponse.js';
import type { GetGenerationResponse } from '../../generated/dh/advisor/v1/GetGenerationResponse.js';
import type { GetStatusResponse } from '../../generated/dh/advisor/v1/GetStatusResponse.js';
import type { ListGenerationsResponse } from '../../generated/dh/advisor/v1/ListGenerationsResponse.js';
import type { ListModelsResponse } from '../../generated/dh/advisor/v1/ListModelsResponse.js';
import type { ListPluginsResponse } from '../../generated/dh/advisor/v1/ListPluginsResponse.js';
import type { ListSessionsResponse } from '../../generated/dh/advisor/v1/ListSessionsResponse.js';
import type { OperatorServiceClient } from '../../generated/dh/advisor/v1/OperatorService.js';
import type { PromoteExperimentResponse } from '../../generated/dh/advisor/v1/PromoteExperimentResponse.js';
import type { ReleaseExperimentResponse } from '../../generated/dh/advisor/v1/ReleaseExperimentResponse.js';
import type { StopAdviceResponse } from '../../generated/dh/advisor/v1/StopAdviceResponse.js';
import type { ProtoGrpcType } from '../../generated/operator.js';
import { loadContract } from '../proto-options.js';
import { ERROR_CODE_TRAILER } from '../status.js';
import { type ClientTls, hintOf, secureChannel } from './client-tls.js';
import { encodeChange, encodeOrigin } from './operator-codec.js';
import {
  decodeGeneration,
  decodeModel,
  decodePlugin,
  decodeRefusal,
  decodeReport,
  decodeSession,
  decodeStatus,
} from './operator-decode.js';
import { decodePromotionReport, encodePromotionRequest } from './promotion-codec.js';

export interface OperatorClientOptions {
  readonly address: string;
  /** Shown with every call; empty = none. */
  readonly token: string;
  /** Absent: plain text. */
  readonly tls?: ClientTls | undefined;
  readonly protoDirectory: string;
}

export interface KeptHistory {
  readonly generations: readonly GenerationRecord[];
  readonly refusals: readonly RefusedChange[];
}

/** A host that does not answer at all within this time is not there; changes may load models for longer. */
const LOOK_DEADLINE_MS = 10_000;
const CHANGE_DEADLINE_MS = 300_000;

/** A refusal of the host: its own sentence and code. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

type Unary<A> = (
  request: object,
  metadata: Metadata,
  options: CallOptions,
  done: (error: ServiceError | null, answer?: A) => void,
) => unknown;

/** What operators ask a host, as promises. */
export class OperatorClient {
  readonly #options: OperatorClientOptions;
  readonly #client: OperatorServiceClient;

  constructor(options: OperatorClientOptions) {
    this.#options = options;
    const contract = loadContract(options.protoDirectory);
    const grpc = loadPackageDefinition(contract) as unknown as ProtoGrpcType;
    const { OperatorService } = grpc.dh.advisor.v1;
    const channel = secureChannel(options.address, options.tls);
    this.#client = new OperatorService(options.address, channel.credentials, {
      ...channel.options,
      // Plain text to this machine or a private network never belongs into a proxy.
      'grpc.enable_http_proxy': 0,
    });
  }

  async status(): Promise<HostStatus> {
    return decodeStatus(await this.#look<GetStatusResponse>('getStatus'));
  }

  async plugins(): Promise<readonly PluginState[]> {
    const { plugins = [] } = await this.#look<ListPluginsResponse>('listPlugins');
    return plugins.map(decodePlugin);
  }

  async models(): Promise<readonly ModelState[]> {
    const { models = [] } = await this.#look<ListModelsResponse>('listModels');
    return models.map(decodeModel);
  }

  async sessions(): Promise<readonly SessionState[]> {
    const { sessions = [] } = await this.#look<ListSessionsResponse>('listSessions');
    return sessions.map(decodeSession);
  }

  /** `limit`: at most so many of each; 0 = all that the host holds. */
  async generations(limit: number): Promise<KeptHistory> {
    const answer = await this.#look<ListGenerationsResponse>('listGenerations', { limit });
    const { generations = [], refusals = [] } = answer;
    return {
      generations: generations.map(decodeGeneration),
      refusals: refusals.map(decodeRefusal),
    };
  }

  async textOf(generation: number): Promise<string> {
    const answer = await this.#look<GetGenerationResponse>('getGeneration', { generation });
    return answer.text ?? '';
  }

  async change(asked: ChangeRequest): Promise<ChangeReport> {
    const { change, origin, isDryRun, expectedGeneration } = asked;
    const request: ChangeConfigurationRequestInit = {
      ...encodeChange(change),
      origin: encodeOrigin(origin),
      isDryRun,
    };
    if (expectedGeneration !== undefined) request.expectedGeneration = expectedGeneration;
    return decodeReport(
      await this.#ask<ChangeConfigurationResponse>(
        'changeConfiguration',
        request,
        CHANGE_DEADLINE_MS,
      ),
    );
  }

  /** @returns plans that go on without advice. */
  stopAdvice(origin: ChangeOrigin): Promise<number> {
    return this.#switch('stopAdvice', origin);
  }

  /** @returns plans that were open and stay without advice. */
  resumeAdvice(origin: ChangeOrigin): Promise<number> {
    return this.#switch('resumeAdvice', origin);
  }

  /** For all hosts that share the database. */
  async release(experiment: string, origin: ChangeOrigin): Promise<ExperimentState> {
    const request = { experiment, origin: encodeOrigin(origin) };
    const answer = await this.#look<ReleaseExperimentResponse>('releaseExperiment', request);
    return { state: answer.state ?? '', reason: answer.reason ?? '' };
  }

  async promote(asked: PromoteRequest): Promise<PromotionReport> {
    const request = encodePromotionRequest(asked);
    return decodePromotionReport(
      await this.#ask<PromoteExperimentResponse>('promoteExperiment', request, CHANGE_DEADLINE_MS),
    );
  }

  close(): void {
    this.#client.close();
  }

  async #switch(call: 'stopAdvice' | 'resumeAdvice', origin: ChangeOrigin): Promise<number> {
    const request = { origin: encodeOrigin(origin) };
    const { openSessions = 0 } = await this.#look<StopAdviceResponse>(call, request);
    return openSessions;
  }

  #look<A>(call: keyof OperatorServiceClient, request: object = {}): Promise<A> {
    return this.#ask(call, request, LOOK_DEADLINE_MS);
  }

  #ask<A>(call: keyof OperatorServiceClient, request: object, deadlineMs: number): Promise<A> {
    const { token, address, tls } = this.#options;
    const metadata = new Metadata();
    if (token !== '') metadata.set('authorization', `Bearer ${token}`);
    const unary = this.#client[call] as unknown as Unary<A>;
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + deadlineMs };
      unary.call(this.#client, request, metadata, options, (error, answer) => {
        if (error) reject(readError(error, address, tls !== undefined));
        else resolve(answer as A);
      });
    });
  }
}

/** gRPC's own words end with notes that may be empty. */
function withoutLeftovers(details: string): string {
  return details
    .replace(/\s*Resolution note:\s*$/, '')
    .replace(/\s*Last error: undefined\.?$/, '')
    .replace(/\.$/, '');
}

function readError(error: ServiceError, address: string, hasTls: boolean): Error {
  const code = String(error.metadata?.get(ERROR_CODE_TRAILER)[0] ?? '');
  if (code !== '') return new Refusal(code, error.details, { cause: error });
  if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED) {
    const problem = withoutLeftovers(error.details) + hintOf(error.details, hasTls);
    return new HostError('host-unreachable', { address, problem }, { cause: error });
  }
  if (error.code === status.UNIMPLEMENTED) {
    const problem =
      'what answers there does not know this call; it may be another address of the host, or an older host';
    return new HostError('host-unreachable', { address, problem }, { cause: error });
  }
  return error;
}
