import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecording, encodeRecord, RECORDING_MAGIC } from './recording-format.js';

const data = Float64Array.of(0.1, -2, 3e-300);
const records = [
  encodeRecord({ kind: 'start', header: { name: 'ä' }, vectors: [] }),
  encodeRecord({
    kind: 'iteration',
    header: { objective: 0.1 },
    vectors: [
      { name: 'weights', shape: [3], type: 'float32', data },
      { name: 'final', shape: [3], type: 'float64', data },
    ],
  }),
  encodeRecord({ kind: 'closed', header: {}, vectors: [] }),
];
const whole = Buffer.concat([RECORDING_MAGIC, ...records]);

describe('a recording', () => {
  it('comes back as it was written', () => {
    const read = decodeRecording(whole);
    expect(read?.tornBytes).toBe(0);
    expect(read?.records.map(({ kind }) => kind)).toEqual(['start', 'iteration', 'closed']);
    expect(read?.records[0]?.header).toEqual({ name: 'ä' });
    const vectors = read?.records[1]?.vectors;
    expect(vectors?.get('weights')?.data).toEqual(Float32Array.from(data));
    expect(vectors?.get('final')?.data).toEqual(data);
    expect(vectors?.get('final')?.shape).toEqual([3]);
  });

  it('cut anywhere keeps its whole records and counts the rest', () => {
    const ends = [RECORDING_MAGIC.length];
    for (const record of records) ends.push((ends.at(-1) ?? 0) + record.length);
    for (let length = RECORDING_MAGIC.length; length <= whole.length; length += 1) {
      const read = decodeRecording(whole.subarray(0, length));
      const kept = ends.filter((end) => end <= length);
      expect(read?.records.length, `cut at ${length}`).toBe(kept.length - 1);
      expect(read?.tornBytes, `cut at ${length}`).toBe(length - (kept.at(-1) ?? 0));
    }
  });

  it('with any damaged byte never yields a damaged record', () => {
    const clean = decodeRecording(whole)?.records ?? [];
    fc.assert(
      fc.property(
        fc.integer({ min: RECORDING_MAGIC.length, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) => {
          const bytes = Buffer.from(whole);
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          const read = decodeRecording(bytes);
          expect(read?.records).toEqual(clean.slice(0, read?.records.length));
          expect(read?.records.length).toBeLessThan(clean.length);
          expect(read?.tornBytes).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('is told from other files', () => {
    expect(decodeRecording(Buffer.from('PAR1'))).toBeUndefined();
    expect(decodeRecording(Buffer.alloc(0))).toBeUndefined();
  });
});
