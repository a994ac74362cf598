// Calls and requests of a caller, and in one word what became of them.
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { credentials, loadPackageDefinition, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { OptimizerEventInit } from '../../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import { loadOpenInference } from '../../../src/transport/proto-options.js';
import { grpc as contract, PlanClient } from '../stream/testing/plan-client.js';
import type { TestHost } from '../stream/testing/test-host.js';
import { wireStart } from '../stream/testing/wire-run.js';
import type { AccessCaller } from './access-host.js';

/** `unknown`: not known, `forbidden`: known and without the role; `in`: whatever was said to the request itself. */
export type Admission = 'in' | 'unknown' | 'forbidden';

export function admissionOf(code: string | undefined): Admission {
  if (code === 'access-role') return 'forbidden';
  return code === 'access-none' || code?.startsWith('operator-token') ? 'unknown' : 'in';
}

function metadataOf({ token }: AccessCaller): Metadata {
  const metadata = new Metadata();
  if (token !== '') metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

function secretsOf({ tls }: AccessCaller) {
  if (tls === undefined) return credentials.createInsecure();
  const { ca, key = '', certificate = '' } = tls;
  return credentials.createSsl(Buffer.from(ca), Buffer.from(key), Buffer.from(certificate));
}

type Unary = (
  request: object,
  metadata: Metadata,
  done: (error: ServiceError | null, answer: unknown) => void,
) => unknown;

/** Calls a method of OperatorService. */
export function callOperator(
  host: TestHost,
  caller: AccessCaller,
  method: string,
  request: object = {},
): Promise<Admission> {
  const { OperatorService } = contractOfOperators();
  const client = new OperatorService(host.operatorAddress, secretsOf(caller));
  return callUnary(client, caller, method, request);
}

/** Calls a method of the Open Inference Protocol. */
export function callInference(
  host: TestHost,
  caller: AccessCaller,
  method: string,
): Promise<Admission> {
  const { GRPCInferenceService } = contractOfInference();
  const client = new GRPCInferenceService(host.address, secretsOf(caller));
  return callUnary(client, caller, method, {});
}

function callUnary(
  client: { close(): void },
  caller: AccessCaller,
  method: string,
  request: object,
): Promise<Admission> {
  return new Promise((resolve) => {
    const call = (client as unknown as Record<string, Unary>)[method];
    call?.call(client, request, metadataOf(caller), (error) => {
      client.close();
      resolve(admissionOf(error?.metadata?.get('dh-error-code').map(String)[0]));
    });
  });
}

export function contractOfInference() {
  const proto = new URL('../../../proto', import.meta.url).pathname;
  const loaded = loadPackageDefinition(loadOpenInference(proto));
  return (loaded as unknown as import('../../../src/generated/open_inference.js').ProtoGrpcType)
    .inference;
}

export function contractOfOperators() {
  return (contract as unknown as import('../../../src/generated/operator.js').ProtoGrpcType).dh
    .advisor.v1;
}

/** Opens a plan, with further metadata. */
export async function openPlan(
  host: TestHost,
  caller: AccessCaller,
  more: Readonly<Record<string, string>> = {},
  start: OptimizerEventInit = wireStart(),
): Promise<Admission> {
  const metadata = metadataOf(caller);
  for (const [key, value] of Object.entries(more)) metadata.set(key, value);
  const client = new PlanClient(host.address, metadata, secretsOf(caller));
  const answer = await client.ask(start);
  if (answer?.accepted) {
    client.cancel();
    return 'in';
  }
  return admissionOf((await client.errorCode()).split(' ')[1]);
}

export interface Answered {
  readonly status: number;
  readonly admission: Admission;
}

/** One request of the page's address; a feed is left at its head. */
export function askPage(
  host: TestHost,
  caller: AccessCaller,
  route: string,
  headers: Readonly<Record<string, string>> = {},
  body = '{}',
): Promise<Answered> {
  const [method = '', path = ''] = route.split(' ');
  const [name = '', port = ''] = host.httpAddress.split(':');
  const { tls, token } = caller;
  const isChange = method === 'POST';
  const sent = {
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    ...(isChange ? { 'content-type': 'application/json' } : {}),
    ...headers,
  };
  const secrets = tls && {
    ca: tls.ca,
    cert: tls.certificate,
    key: tls.key,
    servername: 'localhost',
  };
  const options = { host: name, port, path, method, headers: sent, agent: false, ...secrets };
  const request = tls === undefined ? plainRequest : secureRequest;
  return new Promise((resolve, reject) => {
    const call = request(options, (answer) => {
      const { statusCode: status = 0 } = answer;
      if (status === 200) {
        answer.destroy();
        resolve({ status, admission: 'in' });
        return;
      }
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve({ status, admission: admissionOf(codeIn(text)) }));
    });
    call.on('error', reject).end(isChange ? body : '');
  });
}

function codeIn(text: string): string | undefined {
  try {
    return JSON.parse(text).code;
  } catch {
    return undefined;
  }
}
