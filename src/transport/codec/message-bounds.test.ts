import { describe, expect, it } from 'vitest';
import { checkBounds, MAX_PLAIN_BYTES } from './message-bounds.js';

/** Length and bytes, as protobuf has them. */
function field(number: number, bytes: Uint8Array): Buffer {
  const head: number[] = [];
  for (let value of [number * 8 + 2, bytes.length]) {
    for (; value > 0x7f; value = Math.floor(value / 128)) head.push((value & 0x7f) | 0x80);
    head.push(value);
  }
  return Buffer.concat([Buffer.from(head), bytes]);
}

const much = (bytes: number) => Buffer.alloc(bytes, 1);
const repeated = (one: Buffer, times: number) => Buffer.concat(Array<Buffer>(times).fill(one));
/** A tensor of so many bytes under a kind: `NamedTensor`. */
const named = (bytes: number) =>
  Buffer.concat([Buffer.from([8, 1]), field(2, field(3, much(bytes)))]);

const START = 1;
const VOLUME = 2;
const GEOMETRY = 3;
const ITERATION = 5;
const FINISH = 7;
const RECEIPTS = 15;

describe('what has its bytes in vectors', () => {
  it.each([
    ['a volume', field(VOLUME, field(6, much(4 * MAX_PLAIN_BYTES)))],
    ['features', field(GEOMETRY, repeated(field(2, named(MAX_PLAIN_BYTES)), 8))],
    ['an iteration', field(ITERATION, repeated(field(10, named(MAX_PLAIN_BYTES)), 4))],
    ['final weights', field(FINISH, field(10, field(3, much(4 * MAX_PLAIN_BYTES))))],
    ['slices', field(FINISH, repeated(field(12, field(2, field(3, much(300_000)))), 5))],
    ['a small message of anything', field(START, repeated(field(8, Buffer.alloc(0)), 100_000))],
  ])('passes: %s', (_what, bytes) => {
    expect(() => checkBounds(bytes)).not.toThrow();
  });
});

describe('what would become far more than its bytes', () => {
  const million = repeated(field(8, Buffer.alloc(0)), 1_000_000);
  it.each([
    ['structures without end', field(START, million)],
    ['roles without end, packed', field(START, field(13, much(2 * MAX_PLAIN_BYTES)))],
    [
      'geometry of structures without end',
      field(GEOMETRY, repeated(field(1, Buffer.alloc(0)), 1_000_000)),
    ],
    ['receipts without end', repeated(field(RECEIPTS, Buffer.alloc(0)), 1_000_000)],
    [
      'a shape without end',
      field(
        ITERATION,
        field(
          10,
          field(2, Buffer.concat([field(2, much(2 * MAX_PLAIN_BYTES)), field(3, much(8))])),
        ),
      ),
    ],
    ['a shape of a volume without end', field(VOLUME, field(3, much(2 * MAX_PLAIN_BYTES)))],
    ['vectors without end', field(ITERATION, repeated(field(10, named(100_000)), 65))],
    ['metrics without end', field(FINISH, repeated(field(9, Buffer.alloc(0)), 1_000_000))],
    ['a text without end', field(START, field(2, much(2 * MAX_PLAIN_BYTES)))],
  ])('is refused: %s', (_what, bytes) => {
    const begun = performance.now();
    expect(() => checkBounds(bytes)).toThrow(/more than/);
    // Far from what a busy machine takes for it.
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

it('leaves what is cut off or no message to the decoder', () => {
  const whole = field(GEOMETRY, field(2, named(3 * MAX_PLAIN_BYTES)));
  expect(() => checkBounds(whole.subarray(0, whole.length - 5))).not.toThrow();
  expect(() => checkBounds(Buffer.alloc(2 * MAX_PLAIN_BYTES, 0xff))).not.toThrow();
});
