import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PlanEvent } from '../../domain/session/advisor.js';
import { convertRecording } from './convert-recording.js';
import { encodeRecord, RECORDING_MAGIC } from './journal/recording-format.js';
import { recordOf, type StartHeader } from './journal/stored-events.js';
import { readTable } from './parquet/read-trajectory.js';
import { sessionPaths } from './trajectory-paths.js';

const startOf = (beamletCount: number, beams: readonly (readonly [number, number])[]) =>
  ({
    format: 2,
    sessionId: 'one',
    client: 'test',
    adviceMode: 'advise',
    generation: 1,
    bindings: [],
    recorded: [],
    patientId: '',
    planId: '',
    replay: undefined,
    plan: {
      solver: 'dh',
      structures: [],
      weightCeiling: 1,
      weightSteepness: 1,
      accepts: [],
      offers: [],
      beams: beams.map(([rows, columns]) => ({ rows, columns })),
      levels: [{ level: 0, beamletCount }],
    },
  }) as unknown as StartHeader;

function recordingOf(start: StartHeader, events: readonly PlanEvent[]) {
  const directory = mkdtempSync(join(tmpdir(), 'dh-advisor-convert-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const paths = sessionPaths(directory, 'one');
  const records = events
    .map((event) => recordOf(event, { recorded: [], exact: undefined }))
    .filter((record) => record !== undefined);
  writeFileSync(
    paths.recording,
    Buffer.concat([
      RECORDING_MAGIC,
      encodeRecord({ kind: 'start', header: start, vectors: [] }),
      ...records.map(encodeRecord),
    ]),
  );
  return paths;
}

const UINT32_MAX = 2 ** 32 - 1;
const count = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, UINT32_MAX),
  fc.integer({ min: 0, max: UINT32_MAX }),
);

describe('counts of the contract', () => {
  it('are the same in the trajectory, whatever 32 bits they are', async () => {
    const counts = fc.record({
      level: count,
      stage: count,
      beamletCount: count,
      iteration: count,
      valueCalls: count,
      gradientCalls: count,
      iterations: count,
    });
    await fc.assert(
      fc.asyncProperty(counts, async (all) => {
        const { level, stage, beamletCount, iteration, valueCalls, gradientCalls, iterations } =
          all;
        const where = { level, stage };
        const events = [
          {
            kind: 'level-start',
            ...where,
            beamletCount,
            histogramSigmaGy: 1,
            varianceLowerGy2: 1,
            varianceUpperGy2: 1,
            objective: 1,
            tensors: {},
          },
          {
            kind: 'iteration',
            ...where,
            iteration,
            valueCalls,
            gradientCalls,
            objective: 1,
            gradientNorm: 1,
            stepLength: 1,
            elapsedMs: 1,
            tensors: {},
          },
          {
            kind: 'level-end',
            ...where,
            iterations,
            valueCalls,
            gradientCalls,
            objective: 1,
            elapsedMs: 1,
            stopReason: 'tolerance',
          },
        ] as unknown as PlanEvent[];
        const paths = recordingOf(startOf(1, [[1, 1]]), events);
        expect(convertRecording(paths)).toBe('incomplete');
        const [row] = await readTable(paths.trajectory, 'iterations');
        expect(row).toMatchObject({
          ...where,
          iteration,
          value_calls: valueCalls,
          gradient_calls: gradientCalls,
        });
        const [ended] = await readTable(paths.trajectory, 'stages');
        expect(ended).toMatchObject({
          ...where,
          beamlet_count: beamletCount,
          iterations,
          value_calls: valueCalls,
        });
        rmSync(join(paths.trajectory, '..'), { recursive: true });
      }),
      { numRuns: 30 },
    );
  });
});

describe('beams that do not add up to their beamlets', () => {
  it.each([
    ['many', [[100_000, 100_000]]],
    ['beyond all numbers', Array.from({ length: 9 }, () => [UINT32_MAX, UINT32_MAX])],
    ['none', []],
  ] as const)('(%s) cost no memory, and no places', async (_, beams) => {
    const paths = recordingOf(startOf(4, beams as never), []);
    const beforeBytes = process.memoryUsage().rss;
    expect(convertRecording(paths)).toBe('incomplete');
    expect(process.memoryUsage().rss - beforeBytes).toBeLessThan(100e6);
    const rows = await readTable(paths.trajectory, 'beamlets');
    expect(rows.map((row) => row['beam'])).toEqual([null, null, null, null]);
  });
});

describe('a recording that no trajectory can be made of', () => {
  it('is set aside with the reason, whole, and is not tried again', () => {
    const paths = recordingOf(startOf(UINT32_MAX, []), []);
    const bytes = readFileSync(paths.recording);
    expect(convertRecording(paths)).toBe('damaged');
    expect(readFileSync(paths.reason, 'utf8')).toMatch(/4294967295 beamlets are more than a plan/);
    expect(readFileSync(paths.damaged)).toEqual(bytes);
    expect([paths.recording, paths.partial, paths.trajectory].map(existsSync)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('stays where it is when the disk is at fault', () => {
    const paths = recordingOf(startOf(1, []), []);
    // The folder cannot be made under a name that a file has.
    const blocked = { ...paths, partial: join(paths.recording, 'partial') };
    expect(() => convertRecording(blocked)).toThrow(/ENOTDIR/);
    expect(existsSync(paths.recording)).toBe(true);
  });
});
