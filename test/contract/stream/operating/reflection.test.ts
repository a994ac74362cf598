// What stock tools (grpcurl, ghz, Postman) see without a proto file.
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { expect, it, onTestFinished } from 'vitest';
import { startTestHost } from '../testing/test-host.js';

interface Answer {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
}

interface ReflectionCall {
  write(message: object): boolean;
  end(): void;
  on(event: 'data', listener: (answer: Answer) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

interface ReflectionClient {
  serverReflectionInfo(): ReflectionCall;
  close(): void;
}

async function ask(address: string, question: object): Promise<Answer> {
  const proto = new URL(
    '../../../../node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto',
    import.meta.url,
  ).pathname;
  const loaded = loadPackageDefinition(loadSync(proto)) as never as {
    grpc: { reflection: { v1: { ServerReflection: new (...a: unknown[]) => ReflectionClient } } };
  };
  const client = new loaded.grpc.reflection.v1.ServerReflection(
    address,
    credentials.createInsecure(),
  );
  onTestFinished(() => client.close());
  const call = client.serverReflectionInfo();
  const answer = await new Promise<Answer>((resolve, reject) => {
    call.on('data', resolve);
    call.on('error', reject);
    call.write(question);
  });
  call.end();
  return answer;
}

it('lists the contract, health and itself', async () => {
  const host = await startTestHost();
  const { listServicesResponse } = await ask(host.address, { listServices: '' });
  const names = listServicesResponse?.service.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['dh.advisor.v1.PlanAdvisor', 'grpc.health.v1.Health']),
  );
});

it('has the names of the proto files, so that tools write what they say', async () => {
  const host = await startTestHost();
  const { fileDescriptorResponse } = await ask(host.address, {
    fileContainingSymbol: 'dh.advisor.v1.PlanStart',
  });
  const files = fileDescriptorResponse?.fileDescriptorProto ?? [];
  const { FileDescriptorProto } = descriptor as unknown as { FileDescriptorProto: protobuf.Type };
  const messages = files.flatMap((file) => {
    const decoded = FileDescriptorProto.toObject(FileDescriptorProto.decode(file)) as {
      messageType?: { name: string; field?: { name: string; jsonName?: string }[] }[];
    };
    return decoded.messageType ?? [];
  });
  const start = messages.find(({ name }) => name === 'PlanStart');
  const fields = start?.field?.map(({ name }) => name);
  expect(fields).toEqual(expect.arrayContaining(['plan_key', 'advice_mode', 'weight_ceiling']));
});
