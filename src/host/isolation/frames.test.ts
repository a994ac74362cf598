import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameReader, frameHeader, NoFrame } from './frames.js';

const frame = (message: Uint8Array) => Buffer.concat([frameHeader(message.length), message]);

it('gives messages back as they were, in whatever pieces they come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 }),
      (messages, cuts) => {
        const reader = new FrameReader(100);
        let rest = Buffer.concat(messages.map(frame));
        const read: Buffer[] = [];
        for (let turn = 0; rest.length > 0; turn += 1) {
          const cut = cuts[turn % cuts.length] ?? 1;
          read.push(...reader.push(rest.subarray(0, cut)));
          rest = rest.subarray(cut);
        }
        expect(read.map((bytes) => [...bytes])).toEqual(messages.map((bytes) => [...bytes]));
      },
    ),
  );
});

it('refuses what is no frame, and one that is too long', () => {
  expect(() => new FrameReader(100).push(Buffer.from('anything printed'))).toThrow(NoFrame);
  expect(() => new FrameReader(100).push(frameHeader(101))).toThrow(/101 bytes, of 100/);
  expect(new FrameReader(100).push(frameHeader(100))).toEqual([]);
});
