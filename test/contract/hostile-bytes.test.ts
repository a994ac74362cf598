// Whatever bytes stand where a host reads: it says what is wrong in its own words, and never fails otherwise. Over a real socket and for longer:
// `npm run faults -- --parts fuzz`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/read-config.js';
import { HostError } from '../../src/domain/errors/host-error.js';
import { validateOpening } from '../../src/domain/session/validate-plan.js';
import type { OptimizerEvent } from '../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import { verifyBytes } from '../../src/storage/journals/verify-journal.js';
import { decodeRecording } from '../../src/storage/recordings/journal/recording-format.js';
import { decodeEvent, decodeReceipt } from '../../src/transport/codec/decode-event.js';
import { decodeStart } from '../../src/transport/codec/decode-start.js';
import { grpc } from './stream/testing/plan-client.js';
import { wireRun, wireStart } from './stream/testing/wire-run.js';

const RUNS = { numRuns: 300, seed: 21 };
const LIMITS = { maxBeamlets: 1000, maxStructures: 8, failedSelfChecks: 'refuse' } as const;

/** Anything but a fault of its own words is a bug. */
function quietly(body: () => unknown): void {
  try {
    body();
  } catch (thrown) {
    expect(HostError.is(thrown), String(thrown)).toBe(true);
    expect((thrown as HostError).code).not.toBe('internal');
    // What a person reads, and a log holds: not as long as the file.
    expect(String(thrown).length).toBeLessThan(12_000);
  }
}

/** A text or bytes with some of it changed, cut, or put elsewhere. */
function changed(from: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat(from.length);
  return fc
    .array(fc.tuple(fc.nat(3), place, place, fc.uint8Array({ maxLength: 12 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((changes) =>
      changes.reduce((bytes, [kind, at, other, more]) => {
        const end = Math.min(bytes.length, at + (other % 16));
        const [head, tail] = [bytes.subarray(0, at), bytes.subarray(end)];
        if (kind === 0) return Buffer.concat([head, more, bytes.subarray(at)]);
        if (kind === 1) return Buffer.concat([head, tail]);
        if (kind === 2) return Buffer.concat([head, more, tail]);
        return Buffer.concat([head, bytes.subarray(other, other + 40), tail]);
      }, from),
    );
}

const odd = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, -1),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);

type Path = readonly (string | number)[];

/** Every place of a message that holds a value. */
function leaves(value: unknown, path: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))];
}

function withValue(value: unknown, [first, ...rest]: Path, put: unknown): unknown {
  if (first === undefined) return put;
  if (Array.isArray(value)) {
    return value.map((inner, i) =>
      String(i) === String(first) ? withValue(inner, rest, put) : inner,
    );
  }
  const record = value as Record<string, unknown>;
  return { ...record, [first]: withValue(record[first], rest, put) };
}

/** What protobuf makes of bytes has numbers where numbers belong; so does this. */
function sameType(before: unknown, put: unknown): boolean {
  return typeof before === typeof put && Buffer.isBuffer(before) === Buffer.isBuffer(put);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], value);
}

describe('messages of an optimizer', () => {
  const all = new Set(['gradient', 'weights', 'direction', 'variance', 'column-norm'] as const);

  function take(message: OptimizerEvent): void {
    if (message.start) validateOpening(decodeStart(message.start, ''), LIMITS);
    else decodeEvent(message, all as never);
    for (const receipt of message.receipts ?? []) decodeReceipt(receipt);
  }

  it('with one value changed are taken or refused in words', () => {
    const { requestSerialize, requestDeserialize } = grpc.dh.advisor.v1.PlanAdvisor.service.Advise;
    const messages = [wireStart(), ...wireRun(2)].map(
      (message) => requestDeserialize(requestSerialize(message)) as OptimizerEvent,
    );
    for (const message of messages) take(message);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), odd, (which, where, put) => {
        const message = messages[which % messages.length] as OptimizerEvent;
        const paths = leaves(message);
        const path = paths[where % paths.length] ?? [];
        fc.pre(path.length > 0 && sameType(valueAt(message, path), put));
        const hostile = withValue(message, path, put) as OptimizerEvent;
        quietly(() => take(hostile));
      }),
      { ...RUNS, numRuns: 3000 },
    );
  });
});

describe('files', () => {
  it('of a configuration are read or refused in words, each fault with its line', () => {
    const shipped = readFileSync('config/host.yaml');
    fc.assert(
      fc.property(changed(shipped), (bytes) => {
        quietly(() => parseConfig(bytes.toString('utf8'), 'host.yaml'));
      }),
      { ...RUNS, numRuns: 120 },
    );
  });

  it.each([
    ['many faults', 'a: b: c\n'.repeat(20_000)],
    ['a key as long as the file', `${'k'.repeat(900_000)}: 1\n`],
    ['a value as long as the file', `version: ${'v'.repeat(900_000)}\n`],
    ['unknown keys without end', Array.from({ length: 20_000 }, (_, n) => `k${n}: 1\n`).join('')],
  ])('of a configuration with %s are refused in few words', (_what, text) => {
    expect.assertions(3);
    quietly(() => parseConfig(text, 'host.yaml'));
  });

  it('of a journal are whole or broken at a line', () => {
    const folder = 'test/fixtures/journals';
    const [name = ''] = readdirSync(folder);
    const whole = readFileSync(join(folder, name));
    fc.assert(
      fc.property(changed(whole), (bytes) => {
        const { state, brokenLine } = verifyBytes(bytes, undefined);
        const isWhole = bytes.equals(whole.subarray(0, bytes.length));
        expect(isWhole || state === 'broken' || brokenLine === undefined).toBe(true);
        if (!isWhole) expect(state).toBe('broken');
      }),
      RUNS,
    );
  });

  it('of a recording are read as far as they are whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        quietly(() => decodeRecording(Buffer.from(bytes)));
      }),
      RUNS,
    );
  });
});
