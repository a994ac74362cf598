import { mkdirSync, renameSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { finishEvent, playEvents, playSession } from '../../domain/testing/play-session.js';
import { journalStore, sessionId } from '../testing/journal-fixture.js';
import { JournalChain } from './journal-chain.js';
import { verifyBytes, verifyJournal } from './verify-journal.js';

const setUp = () => journalStore(onTestFinished);

/** A journal of a plan that finished, as bytes. */
function wholeJournal(): Buffer {
  const chain = new JournalChain();
  const entries = [
    { kind: 'opening', format: 1, session: 'one', client: 'Ärzte ☢' },
    { kind: 'advice', role: 'step-direction', outcome: 'applied', count: 7 },
    { kind: 'verdict', role: 'step-direction', verdict: 'accepted', count: 7 },
    { kind: 'finish', reference_objective: 1.25 },
    { kind: 'close', reason: 'finished' },
  ];
  return Buffer.from(entries.map((entry) => chain.add(JSON.stringify(entry))).join(''));
}

const lineOfByte = (bytes: Buffer, at: number) =>
  bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;

describe('whatever was changed', () => {
  const whole = wholeJournal();
  const lines = whole.toString().trimEnd().split('\n');
  const verifyLines = (changed: readonly string[]) =>
    verifyBytes(Buffer.from(changed.map((line) => `${line}\n`).join('')), undefined);

  it('nothing: it is whole', () => {
    expect(verifyBytes(whole, 'one')).toMatchObject({ state: 'whole', lines: 5 });
  });

  it('any single bit: it is found, at its line', () => {
    for (let at = 0; at < whole.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const flipped = Buffer.from(whole);
        flipped[at] = (whole[at] ?? 0) ^ (1 << bit);
        const verified = verifyBytes(flipped, undefined);
        expect(verified.state).toBe('broken');
        const line = lineOfByte(whole, at);
        expect([line, line + 1]).toContain(verified.brokenLine);
      }
    }
  });

  it('a cut at any byte: it is told, never whole', () => {
    for (let length = 0; length < whole.length; length += 1) {
      const verified = verifyBytes(whole.subarray(0, length), undefined);
      const isAtLine = length > 0 && whole[length - 1] === 0x0a;
      const finished = verified.lines === 4;
      expect(verified.state).toBe(isAtLine ? (finished ? 'no-close' : 'no-finish') : 'broken');
      expect(verified.head !== undefined).toBe(finished);
    }
  });

  it.each([0, 1, 2, 3])('line %i dropped: what follows does not follow', (dropped) => {
    const verified = verifyLines(lines.filter((_, index) => index !== dropped));
    expect(verified).toMatchObject({ state: 'broken', brokenLine: dropped + 1 });
  });

  it('the last line dropped: it ends without a close', () => {
    expect(verifyLines(lines.slice(0, -1)).state).toBe('no-close');
  });

  it('any two lines swapped, or one twice', () => {
    for (let a = 0; a < lines.length; a += 1) {
      for (let b = a + 1; b < lines.length; b += 1) {
        const swapped = [...lines];
        [swapped[a], swapped[b]] = [lines[b] ?? '', lines[a] ?? ''];
        expect(verifyLines(swapped)).toMatchObject({ state: 'broken', brokenLine: a + 1 });
      }
      const doubled = lines.flatMap((line, index) => (index === a ? [line, line] : [line]));
      expect(verifyLines(doubled)).toMatchObject({ state: 'broken', brokenLine: a + 2 });
    }
  });

  it('a line of another journal, or lines after the end', () => {
    const other = new JournalChain();
    const foreign = other.add('{"kind":"opening","format":1,"session":"two"}').trimEnd();
    expect(verifyLines([...lines, foreign])).toMatchObject({ state: 'broken', brokenLine: 6 });
    expect(verifyLines([lines[0] ?? '', foreign])).toMatchObject({ brokenLine: 2 });
  });

  it('an entry changed with its own hash computed anew: the next line does not follow', () => {
    const chain = new JournalChain();
    const forged = [
      chain.add('{"kind":"opening","format":1,"session":"one"}').trimEnd(),
      chain.add('{"kind":"advice","outcome":"rejected"}').trimEnd(),
    ];
    expect(verifyLines([...forged, ...lines.slice(2)])).toMatchObject({ brokenLine: 3 });
  });

  it('all hashes computed anew: only the hash that the client kept tells', () => {
    const chain = new JournalChain();
    const forged = ['{"kind":"opening","format":1,"session":"one"}', '{"kind":"finish"}'];
    const verified = verifyLines(forged.map((entry) => chain.add(entry).trimEnd()));
    expect(verified.state).toBe('no-close');
    expect(verified.head).not.toBe(verifyBytes(whole, undefined).head);
  });

  it('what is no journal at all: said at line 1', () => {
    for (const text of ['', '\n', '{}\n', 'no journal\n', '\uFEFFx\n', 'x'.repeat(100_000)]) {
      expect(verifyBytes(Buffer.from(text), undefined)).toMatchObject({ brokenLine: 1, lines: 0 });
    }
    const marked = Buffer.concat([Buffer.from('\uFEFF'), whole]);
    expect(verifyBytes(marked, undefined)).toMatchObject({ state: 'broken', brokenLine: 1 });
  });

  it('a format of later: said, and not guessed', () => {
    const text = new JournalChain().add('{"kind":"opening","format":2,"session":"one"}');
    const verified = verifyBytes(Buffer.from(text), undefined);
    expect(verified.problem).toContain('format 2');
  });
});

describe('files', () => {
  it('of two plans that were swapped are told by their names', async () => {
    const { store, open, path } = setUp();
    playSession(open(1));
    playSession(open(2));
    await store.close();
    renameSync(path(1), `${path(1)}.aside`);
    renameSync(path(2), path(1));
    renameSync(`${path(1)}.aside`, path(2));
    for (const n of [1, 2]) {
      const verified = await verifyJournal(path(n));
      expect(verified).toMatchObject({ state: 'broken', brokenLine: 1 });
      expect(verified.problem).toContain(`not of ${sessionId(n)}`);
    }
  });

  it('that a crash left half are whole to their last whole line', async () => {
    const { store, open, path } = setUp();
    const journal = open(1);
    playEvents(journal);
    journal.broken();
    await store.close();
    const before = await verifyJournal(path(1));
    expect(before.state).toBe('no-finish');
    journal.event(finishEvent);
    truncateSync(path(1), statSync(path(1)).size - 20);
    const torn = await verifyJournal(path(1));
    expect(torn).toMatchObject({ state: 'broken', lines: before.lines - 1 });
    expect(torn.problem).toContain('middle');
  });

  it('that are none are refused: folders, devices, and such as lie about their size', async () => {
    const { path } = setUp();
    const folder = dirname(path(1));
    mkdirSync(join(folder, 'folder'));
    symlinkSync('/dev/zero', join(folder, 'device'));
    writeFileSync(join(folder, 'sparse'), '');
    truncateSync(join(folder, 'sparse'), 2 ** 40);
    for (const name of ['folder', 'device', 'sparse']) {
      await expect(verifyJournal(join(folder, name))).rejects.toMatchObject({
        code: 'journal-invalid',
      });
    }
    await expect(verifyJournal(join(folder, 'none'))).rejects.toMatchObject({
      code: 'journal-missing',
    });
  });
});
