import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fakeBasis, fakeOpening } from '../../../domain/testing/play-session.js';
import { readJournal } from './read-journal.js';
import { encodeRecord, RECORDING_MAGIC } from './recording-format.js';

it('does not take a late answer of a broken stream for the answer to the next event', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'one.recording');
  const start = {
    format: 2,
    sessionId: 'one',
    client: 'test',
    adviceMode: 'advise',
    bindings: [],
    plan: fakeOpening().plan,
    recorded: [],
    replay: { ...fakeBasis(), sealedSeed: 1 },
  };
  const levelStart = { level: 0, stage: 1, beamletCount: 4, histogramSigmaGy: 1, objective: 1 };
  const answer = (about: string, role: string) => ({
    kind: 'answer',
    header: { about, advices: [{ role, outcome: 'applied', reason: '', score: 0 }] },
  });
  const records = [
    { kind: 'start', header: start },
    { kind: 'level-start', header: levelStart },
    answer('level', 'initialization'),
    answer('iteration', 'early-stopping'),
  ];
  const encoded = records.map((record) => encodeRecord({ ...record, vectors: [] } as never));
  // What files say does not change with the names in the code.
  expect(encoded[0]?.toString('latin1')).toContain('"facts":{"format"');
  writeFileSync(path, Buffer.concat([RECORDING_MAGIC, ...encoded]));
  const { steps } = readJournal({ sessionId: 'one', path }, {});
  expect(steps).toHaveLength(1);
  const [step] = steps;
  const answered = step?.kind === 'event' ? [...(step.answer?.keys() ?? [])] : [];
  expect(answered).toEqual(['initialization']);
});
