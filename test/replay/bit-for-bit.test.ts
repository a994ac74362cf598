// Sessions of the real optimizer, recorded by the real host, sent through it once more.
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Snake } from '../../src/domain/snake-case.js';
import type { ArmReplay } from '../../src/experiments/replay/arm-comparison.js';
import type { StoredRecord } from '../../src/storage/recordings/journal/recording-format.js';
import type {
  AnswerHeader,
  StartHeader,
} from '../../src/storage/recordings/journal/stored-events.js';
import { CLASSICAL } from '../support/host-process.js';
import { PhantomCase, type PlanResult } from '../support/rtmodel.js';
import { RecordingHost, replay, rewrite } from './recorded-sessions.js';

const PATIENT = 'deadline_ms: 10000';
const LEARNED = `  initialization: { plugin: warm-start, ${PATIENT} }
  histogram-sigma: { plugin: histogram-sigma, ${PATIENT} }
  pyramid-sigma: { plugin: pyramid-sigma, ${PATIENT} }
  adaptive-variance: { plugin: variance, ${PATIENT} }
  step-direction: { plugin: learned-direction, ${PATIENT} }
  early-stopping: { plugin: convergence, ${PATIENT} }
`;

const phantom = new PhantomCase();
const other = new PhantomCase();
const classical = new RecordingHost(CLASSICAL);
const learned = new RecordingHost(LEARNED);
let plan: PlanResult;

beforeAll(async () => {
  await Promise.all([phantom.create(), other.create('c-shape', 2)]);
  await Promise.all([classical.start(), learned.start()]);
  plan = await classical.plan(phantom, '--solver=dh', '--plan-key=secret-key');
  await classical.plan(phantom, '--solver=lbfgs');
}, 120_000);
afterAll(async () => {
  await Promise.all([classical.dispose(), learned.dispose()]);
  phantom.dispose();
  other.dispose();
});

const configured = ['-c', classical.host.configFile];

async function replayed(path: string, ...args: string[]) {
  const { stdout, stderr, exitCode } = await replay(path, '--json', ...configured, ...args);
  expect(stderr).toBe('');
  return { exitCode, replays: JSON.parse(stdout) as readonly Snake<ArmReplay>[] };
}

/** A copy of the recorded plan, to be spoilt. */
function copied(result = plan): { readonly folder: string; readonly journal: string } {
  const parent = mkdtempSync(join(tmpdir(), 'dh-advisor-spoilt-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const source = classical.journal(result).replace('/journal.recording', '');
  const folder = join(parent, basename(source));
  cpSync(source, folder, { recursive: true });
  return { folder, journal: join(folder, 'journal.recording') };
}

describe('what the sessions were recorded with', () => {
  it('answers every question as it did, bit for bit, both solvers', async () => {
    const { exitCode, replays } = await replayed(classical.directory);
    expect(exitCode).toBe(0);
    expect(replays).toMatchObject([
      { arm: 'recorded', is_recorded: true, sessions: 2, unable: [], incomplete: [], notes: [] },
    ]);
    const [result] = replays;
    expect(result?.different_sessions).toBe(0);
    expect(result?.roles.map(({ role }) => role)).toHaveLength(6);
    for (const role of result?.roles ?? []) {
      expect(role.questions, role.role).toBeGreaterThan(0);
      expect(role.same, role.role).toBe(role.questions);
    }
    // The figures are of values, not of refusals alone.
    const direction = result?.roles.find(({ role }) => role === 'step-direction');
    expect(direction?.relative_distance.count).toBeGreaterThan(10);
  });

  it('also with networks, and with plans that ran side by side', async () => {
    await Promise.all([
      learned.plan(phantom, '--solver=lbfgs'),
      learned.plan(other, '--solver=lbfgs'),
    ]);
    const { replays, exitCode } = await replayed(learned.directory);
    expect(replays).toMatchObject([{ sessions: 2, different_sessions: 0, unable: [] }]);
    expect(exitCode).toBe(0);
    const named = replays[0]?.roles.map(({ served_by }) => served_by).join('; ');
    expect(named).toMatch(/convergence\/\d/);
  });

  it('is told in words', async () => {
    const { stdout, exitCode } = await replay(classical.directory, ...configured);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Every answer that can be repeated is the recorded one, bit for bit.');
    const markdown = await replay(classical.journal(plan), '--markdown', ...configured);
    expect(markdown.stdout).toMatch(/^# Replay: recorded/);
    expect(markdown.stdout).toContain('| step-direction    | lbfgs 1.0.0 ');
  });

  it('keeps no key, and the seed only under the secret', async () => {
    const text = readFileSync(classical.journal(plan), 'latin1');
    expect(text).not.toContain('secret-key');
    const { folder } = copied();
    const { replays, exitCode } = await replayed(folder);
    expect(exitCode).toBe(0);
    expect(replays[0]?.notes.join()).toContain('Seeds are sealed');
  });
});

/** Flips the lowest bit of one element. */
function flip(record: StoredRecord, name: string, at: number): void {
  const data = record.vectors.get(name)?.data as Float64Array;
  const bits = new BigUint64Array(data.buffer, data.byteOffset, data.length);
  bits[at] = (bits[at] ?? 0n) ^ 1n;
}

describe('a difference', () => {
  it('of one bit of one answer is found and told, with both values', async () => {
    const { folder, journal } = copied();
    let flipped = '';
    rewrite(journal, (record) => {
      const direction = record.vectors.get('step-direction.direction')?.data;
      if (flipped !== '' || direction === undefined) return record;
      flip(record, 'step-direction.direction', 3);
      flipped = String(direction[3]);
      return record;
    });
    const { exitCode, replays } = await replayed(folder);
    expect(exitCode).toBe(1);
    expect(replays[0]?.different_sessions).toBe(1);
    const [difference] = replays[0]?.differences ?? [];
    expect(difference).toMatchObject({
      session: plan.advice.session_id,
      role: 'step-direction',
      recorded: flipped,
      what: 'direction[3]',
    });
    expect(difference?.event).toMatch(/^stage \d+, iteration \d+ \(level \d\)$/);
    expect(Number(difference?.replayed)).toBeCloseTo(Number(flipped), 12);
    const direction = replays[0]?.roles.find(({ role }) => role === 'step-direction');
    expect(direction?.different).toBe(1);
    const told = await replay(folder, ...configured);
    expect(told.stdout).toContain('1 session(s) answer differently');
    expect(told.stdout).toContain(flipped);
  });

  it('of what the optimizer sent is found in the answers that follow', async () => {
    const { folder, journal } = copied();
    rewrite(journal, (record) => {
      const { kind, header } = record;
      const { iteration } = header as { readonly iteration?: number };
      if (kind === 'iteration' && iteration === 4) flip(record, 'gradient', 5);
      return record;
    });
    const { exitCode, replays } = await replayed(folder);
    expect(exitCode).toBe(1);
    expect(replays[0]?.differences[0]).toMatchObject({ role: 'step-direction' });
  });

  it('of an outcome is told in words', async () => {
    const { folder, journal } = copied();
    rewrite(journal, (record) => {
      if (record.kind !== 'answer') return record;
      const header = record.header as AnswerHeader;
      if (header.about !== 'geometry') return record;
      const advices = header.advices.map((advice) =>
        advice.role === 'pyramid-sigma'
          ? { ...advice, outcome: 'rejected' as const, reason: 'rising', fields: undefined }
          : advice,
      );
      return { ...record, header: { ...header, advices } };
    });
    const { replays } = await replayed(folder);
    expect(replays[0]?.differences).toMatchObject([
      { event: 'geometry', what: 'outcome', recorded: 'rejected (rising)', replayed: 'applied' },
    ]);
  });
});

describe('what hung on the machine', () => {
  it('is taken from the recording and counted, not called a difference', async () => {
    const { folder, journal } = copied();
    let isDone = false;
    rewrite(journal, (record) => {
      const header = record.header as AnswerHeader;
      if (record.kind !== 'answer' || header.about !== 'iteration' || isDone) return record;
      isDone = true;
      const advices = header.advices.map((advice) =>
        advice.role === 'early-stopping'
          ? { ...advice, outcome: 'timeout' as const, reason: 'late', fields: undefined }
          : advice,
      );
      return { ...record, header: { ...header, advices } };
    });
    const { exitCode, replays } = await replayed(folder);
    expect(exitCode).toBe(0);
    const stopping = replays[0]?.roles.find(({ role }) => role === 'early-stopping');
    expect(stopping).toMatchObject({ not_repeatable: 1, different: 0, unjudged: 0 });
    expect(stopping?.same).toBe((stopping?.questions ?? 0) - 1);
    expect((await replay(folder, ...configured)).stdout).toContain(
      'Not repeatable: missed deadlines',
    );
  });
});

describe('a recording that is not whole', () => {
  it('is replayed as far as it goes, and named', async () => {
    const { folder, journal } = copied();
    truncateSync(journal, readFileSync(journal).length - 5000);
    const { exitCode, replays } = await replayed(folder);
    expect(exitCode).toBe(0);
    expect(replays[0]?.sessions).toBe(1);
    expect(replays[0]?.incomplete[0]?.reason).toMatch(/bytes at its end are torn or damaged/);
  });

  it('with a damaged byte ends before it', async () => {
    const { folder, journal } = copied();
    const bytes = readFileSync(journal);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(journal, bytes);
    const whole = (await replayed(classical.journal(plan))).replays[0]?.events ?? 0;
    const { replays } = await replayed(folder);
    expect(replays[0]?.incomplete[0]?.reason).toMatch(/torn or damaged/);
    expect(replays[0]?.events).toBeLessThan(whole);
    expect(replays[0]?.events).toBeGreaterThan(0);
  });

  it('that can not be replayed at all is named with its reason; nothing is a failure', async () => {
    const cases: readonly (readonly [RegExp, (journal: string) => void])[] = [
      [/no journal was kept/, (journal) => rmSync(journal)],
      [/the file is no recording/, (journal) => writeFileSync(journal, 'rubbish')],
      [/no readable beginning/, (journal) => rewrite(journal, (one, at) => (at ? one : undefined))],
      [/an earlier version wrote it/, (journal) => spoilStart(journal, { format: 1 }, ['replay'])],
      [/recorded for training/, (journal) => spoilStart(journal, {}, ['replay'])],
      [
        /its format is 3, this program reads 1 and 2/,
        (journal) => spoilStart(journal, { format: 3 }),
      ],
    ];
    for (const [reason, spoil] of cases) {
      const { folder, journal } = copied();
      spoil(journal);
      const { exitCode, replays } = await replayed(folder);
      expect(exitCode, String(reason)).toBe(1);
      expect(replays[0]?.sessions).toBe(0);
      expect(replays[0]?.unable).toMatchObject([{ session: plan.advice.session_id }]);
      expect(replays[0]?.unable[0]?.reason).toMatch(reason);
    }
  });

  it('of a version that is not here is named, and does not hide the others', async () => {
    const { folder, journal } = copied();
    rewrite(journal, (record, index) => {
      if (index > 0) return record;
      const header = record.header as StartHeader;
      const bindings = header.bindings.map((binding) =>
        binding.role === 'early-stopping' ? { ...binding, pluginVersion: '0.9.0' } : binding,
      );
      return { ...record, header: { ...header, bindings } };
    });
    const { stdout, exitCode } = await replay(folder, classical.directory, '--json', ...configured);
    expect(exitCode).toBe(0);
    const [result] = JSON.parse(stdout) as readonly Snake<ArmReplay>[];
    expect(result?.sessions).toBe(2);
    expect(result?.unable[0]?.reason).toBe(
      'early-stopping was served by plateau 0.9.0, and here is plateau 1.0.0',
    );
  });
});

function spoilStart(journal: string, changes: object, without: readonly string[] = []): void {
  rewrite(journal, (record, index) => {
    if (index > 0) return record;
    const header = Object.entries({ ...(record.header as object), ...changes });
    return {
      ...record,
      header: Object.fromEntries(header.filter(([key]) => !without.includes(key))),
    };
  });
}
