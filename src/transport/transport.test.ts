import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../domain/errors/error-codes.js';
import { HostError } from '../domain/errors/host-error.js';
import { FakeLog } from '../domain/testing/fakes.js';
import { DataType } from '../generated/dh/advisor/v1/DataType.js';
import { Verdict } from '../generated/dh/advisor/v1/Verdict.js';
import { decodeTensor, encodeVector } from './codec/tensor-codec.js';
import { outcomeNumber, roleNumber, tensorKindNumber, verdictWord } from './codec/wire-names.js';
import { PROTO_OPTIONS } from './proto-options.js';
import { toStatus } from './status.js';

it('generates types for the options it decodes with', () => {
  const script = readFileSync(
    new URL('../../scripts/gen/proto-types.mjs', import.meta.url),
    'utf8',
  );
  expect(PROTO_OPTIONS.longs).toBe(Number);
  expect(script).toContain("'--longs=Number'");
  expect(PROTO_OPTIONS.bytes).toBe(Buffer);
  expect(script).toContain("'--bytes=Buffer'");
  for (const flag of ['keepCase', 'defaults', 'oneofs'] as const) {
    expect(script.includes(`--${flag}`)).toBe(PROTO_OPTIONS[flag]);
  }
  expect(script).not.toContain('--enums');
});

it('has a number for every word', () => {
  expect(Object.values(roleNumber)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(Object.values(tensorKindNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  // 9 is SHADOW, which no host gives: a shadow arm never answers.
  expect(Object.values(outcomeNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(verdictWord.get(Verdict.VERDICT_WORSE_THAN_DEFAULT)).toBe('worse-than-default');
});

it.each(Object.keys(ERROR_CODES) as ErrorCode[])('maps %s to its status and trailer', (code) => {
  const log = new FakeLog();
  const mapped = toStatus(new HostError(code), log);
  expect(mapped.code).toBe(status[ERROR_CODES[code].status]);
  expect(mapped.metadata?.get('dh-error-code')).toEqual([code]);
  expect(log.lines[0]?.level).toBe(ERROR_CODES[code].level);
});

it('lets nothing internal out', () => {
  const log = new FakeLog();
  const mapped = toStatus(new TypeError('password is hunter2'), log);
  expect(mapped.code).toBe(status.INTERNAL);
  expect(mapped.details).not.toContain('hunter2');
  const incident = String(log.lines[0]?.fields['incident']);
  expect(mapped.details).toContain(incident);
  expect(log.lines[0]?.fields['err']).toBeInstanceOf(TypeError);
});

it('decodes unaligned bytes of every element type', () => {
  const values = [1, 0, 2, 255];
  const typed: [DataType, { buffer: ArrayBufferLike }][] = [
    [DataType.DATA_TYPE_FLOAT64, Float64Array.from(values)],
    [DataType.DATA_TYPE_FLOAT32, Float32Array.from(values)],
    [DataType.DATA_TYPE_INT32, Int32Array.from(values)],
    [DataType.DATA_TYPE_INT16, Int16Array.from(values)],
    [DataType.DATA_TYPE_UINT16, Uint16Array.from(values)],
    [DataType.DATA_TYPE_UINT8, Uint8Array.from(values)],
  ];
  for (const [dataType, { buffer }] of typed) {
    const unaligned = Buffer.concat([Buffer.alloc(1), Buffer.from(buffer)]).subarray(1);
    const tensor = decodeTensor({ dataType, shape: [2, 2], data: unaligned }, 'x');
    expect([...tensor.data]).toEqual(values);
  }
});

it('encodes a vector as the bytes that it decodes', () => {
  const vector = Float64Array.of(0.25, -1e300, 5e-324).subarray(1);
  const wire = encodeVector(vector);
  const back = decodeTensor({ ...wire, dataType: DataType.DATA_TYPE_FLOAT64 } as never, 'x');
  expect([...back.data]).toEqual([...vector]);
});

it('refuses an unknown element type', () => {
  expect(() => decodeTensor({ dataType: 99 as DataType, shape: [1] }, 'x')).toThrow(
    /`x\.data_type`/,
  );
});
