import { status } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo, RetryInfo } from 'nice-grpc-error-details';
import { Status } from 'nice-grpc-error-details/lib/proto/google/rpc/status.js';
import { expect, it } from 'vitest';
import { HostError } from '../domain/errors/host-error.js';
import { statusDetails } from './error-details.js';

function detailsOf(error: HostError) {
  const decoded = Status.decode(statusDetails(error, status[error.entry.status]));
  const find = <Message>(type: { readonly $type: string; decode(bytes: Uint8Array): Message }) => {
    const packed = decoded.details.find(({ typeUrl }) => typeUrl.endsWith(`/${type.$type}`));
    return packed && type.decode(packed.value);
  };
  return {
    ...decoded,
    info: find(ErrorInfo),
    retry: find(RetryInfo),
    request: find(BadRequest),
  };
}

it('names the field that is wrong', () => {
  const params = { field: 'start.beams[0].columns', problem: 'is 0' };
  const { code, message, info, retry, request } = detailsOf(new HostError('invalid-field', params));
  expect(code).toBe(status.INVALID_ARGUMENT);
  expect(message).toContain('start.beams[0].columns');
  expect(info).toMatchObject({ reason: 'invalid-field', domain: 'dh-advisor', metadata: params });
  expect(request?.fieldViolations).toEqual([
    expect.objectContaining({ field: 'start.beams[0].columns', description: 'is 0' }),
  ]);
  expect(retry).toBeUndefined();
});

it('says when trying again can help', () => {
  const full = new HostError('too-many-sessions', {
    actual: 64,
    limit: 64,
    key: 'server.max_sessions',
  });
  expect(detailsOf(full)).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    retry: { retryDelay: { seconds: 1 } },
    request: undefined,
  });
  expect(
    detailsOf(new HostError('tensor-checksum', { field: 'iteration.gradient' })),
  ).toMatchObject({
    retry: { retryDelay: { seconds: 0 } },
  });
});

it('stays far below what trailers may hold, whatever is in the error', () => {
  const problem = 'x'.repeat(1_000_000);
  const error = new HostError('invalid-field', { field: 'f', problem, other: problem });
  expect(statusDetails(error, 3).byteLength).toBeLessThan(3000);
});
