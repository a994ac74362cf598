import {
  type CallOptions,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { HostError } from '../domain/host-error.js';
import type { ChangeOrigin, ChangeRequest, ConfigChange } from '../domain/operations.js';
import type { ChangeConfigurationRequestInit } from '../generated/dh/advisor/v1/ChangeConfigurationRequest.js';
import type { ChangeConfigurationResponse } from '../generated/dh/advisor/v1/ChangeConfigurationResponse.js';
import type { GetStatusResponse } from '../generated/dh/advisor/v1/GetStatusResponse.js';
import type { ListGenerationsResponse } from '../generated/dh/advisor/v1/ListGenerationsResponse.js';
import type { ListModelsResponse } from '../generated/dh/advisor/v1/ListModelsResponse.js';
import type { ListPluginsResponse } from '../generated/dh/advisor/v1/ListPluginsResponse.js';
import type { ListSessionsResponse } from '../generated/dh/advisor/v1/ListSessionsResponse.js';
import type { OperatorServiceClient } from '../generated/dh/advisor/v1/OperatorService.js';
import type { ProtoGrpcType } from '../generated/operator.js';
import { encodeOrigin } from './operator-codec.js';
import { loadContract } from './proto-options.js';
import { ERROR_CODE_TRAILER } from './status.js';
import { roleNumber } from './wire-names.js';

export interface OperatorClientOptions {
  readonly address: string;
  /** Shown with every call; empty = none. */
  readonly token: string;
  readonly protoDirectory: string;
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

type Unary<Q, A> = (
  request: Q,
  metadata: Metadata,
  options: CallOptions,
  done: (error: ServiceError | null, answer?: A) => void,
) => unknown;

/** What operators ask a host, as promises. Answers are as on the wire. */
export class OperatorClient {
  readonly #options: OperatorClientOptions;
  readonly #client: OperatorServiceClient;

  constructor(options: OperatorClientOptions) {
    this.#options = options;
    const contract = loadContract(options.protoDirectory);
    const grpc = loadPackageDefinition(contract) as unknown as ProtoGrpcType;
    const { OperatorService } = grpc.dh.advisor.v1;
    this.#client = new OperatorService(options.address, credentials.createInsecure());
  }

  status(): Promise<GetStatusResponse> {
    return this.#ask<object, GetStatusResponse>('getStatus', {}, LOOK_DEADLINE_MS);
  }

  plugins(): Promise<ListPluginsResponse> {
    return this.#ask<object, ListPluginsResponse>('listPlugins', {}, LOOK_DEADLINE_MS);
  }

  models(): Promise<ListModelsResponse> {
    return this.#ask<object, ListModelsResponse>('listModels', {}, LOOK_DEADLINE_MS);
  }

  sessions(): Promise<ListSessionsResponse> {
    return this.#ask<object, ListSessionsResponse>('listSessions', {}, LOOK_DEADLINE_MS);
  }

  /** `limit`: at most so many; 0 = all. */
  generations(limit: number): Promise<ListGenerationsResponse> {
    return this.#ask<object, ListGenerationsResponse>(
      'listGenerations',
      { limit },
      LOOK_DEADLINE_MS,
    );
  }

  async textOf(generation: number): Promise<string> {
    const request = { generation };
    const { text = '' } = await this.#ask<object, { text?: string }>(
      ...(['getGeneration', request, LOOK_DEADLINE_MS] as const),
    );
    return text;
  }

  change(asked: ChangeRequest): Promise<ChangeConfigurationResponse> {
    const { change, origin, isDryRun, expectedGeneration } = asked;
    const request: ChangeConfigurationRequestInit = {
      ...encodeChange(change),
      ...{ origin: encodeOrigin(origin), isDryRun },
    };
    if (expectedGeneration !== undefined) request.expectedGeneration = expectedGeneration;
    return this.#ask<object, ChangeConfigurationResponse>(
      ...(['changeConfiguration', request, CHANGE_DEADLINE_MS] as const),
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

  close(): void {
    this.#client.close();
  }

  async #switch(call: 'stopAdvice' | 'resumeAdvice', origin: ChangeOrigin): Promise<number> {
    const request = { origin: encodeOrigin(origin) };
    const { openSessions = 0 } = await this.#ask<object, { openSessions?: number }>(
      ...([call, request, LOOK_DEADLINE_MS] as const),
    );
    return openSessions;
  }

  #ask<Q, A>(call: keyof OperatorServiceClient, request: Q, deadlineMs: number): Promise<A> {
    const { token, address } = this.#options;
    const metadata = new Metadata();
    if (token !== '') metadata.set('authorization', `Bearer ${token}`);
    const unary = this.#client[call] as unknown as Unary<Q, A>;
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + deadlineMs };
      unary.call(this.#client, request, metadata, options, (error, answer) => {
        if (error) reject(readError(error, address));
        else resolve(answer as A);
      });
    });
  }
}

function readError(error: ServiceError, address: string): Error {
  const code = String(error.metadata?.get(ERROR_CODE_TRAILER)[0] ?? '');
  if (code !== '') return new Refusal(code, error.details, { cause: error });
  if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED) {
    return new HostError('host-unreachable', { address, problem: error.details }, { cause: error });
  }
  return error;
}

function encodeChange(change: ConfigChange): ChangeConfigurationRequestInit {
  switch (change.kind) {
    case 'enable':
      return { enable: { role: roleNumber[change.role] } };
    case 'disable':
      return { disable: { role: roleNumber[change.role] } };
    case 'use': {
      const { role, plugin, pluginVersion, model } = change;
      const version = pluginVersion === undefined ? {} : { pluginVersion };
      const named = model === undefined ? {} : { model };
      return { use: { role: roleNumber[role], plugin, ...version, ...named } };
    }
    case 'label': {
      const { model, label, version } = change;
      return { label: { model, label, version } };
    }
    case 'reload':
      return { reload: {} };
    case 'rollback':
      return {
        rollBack: change.generation === undefined ? {} : { generation: change.generation },
      };
  }
}
