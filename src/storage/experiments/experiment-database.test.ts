import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  AssignmentProposal,
  OutcomeOpening,
  RampPosition,
} from '../../domain/experiments/experiments.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { type PostgresServer, startPostgres } from '../testing/postgres-server.js';
import { SqlAssignments } from './assignment-table.js';
import { type ExperimentDatabase, openExperimentDatabase } from './experiment-database.js';
import { SqlExperiments } from './experiment-table.js';
import { SqlOutcomes } from './outcome-table.js';
import { SqlPromotions } from './promotion-table.js';

const script = fileURLToPath(
  new URL('../../../dist/src/workers/database-worker.js', import.meta.url),
);
const proposal = (unit: string, changes: Partial<AssignmentProposal> = {}): AssignmentProposal => ({
  experiment: 'warm-start-2',
  unit,
  arm: 'new',
  reason: 'hashed',
  shares: { old: 0.5, new: 0.5 },
  atMs: 1_700_000_000_000,
  ...changes,
});
const opening = (session: string, changes: Partial<OutcomeOpening> = {}): OutcomeOpening => ({
  experiment: 'warm-start-2',
  session,
  unit: `unit-${session}`,
  arm: 'old',
  features: { beamlets: 351 },
  atMs: 1_700_000_000_000,
  ...changes,
});
const ramp: RampPosition = {
  step: 0,
  sinceMs: 5,
  state: 'ramping',
  reason: 'starts',
  stoppedArms: [],
};

describe.each(['embedded', 'thread', 'server'] as const)('the %s database', (kind) => {
  let folder: string;
  let server: PostgresServer | undefined;
  let url: string;
  let db: ExperimentDatabase;
  /** The connection of a second host. */
  let other: ExperimentDatabase;

  beforeAll(async () => {
    if (kind === 'server') server = await startPostgres();
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dh-advisor-database-'));
    url = (await server?.newDatabase()) ?? pathToFileURL(join(folder, 'sub', 'e.db')).href;
    const options = kind === 'thread' ? { script } : {};
    db = await openExperimentDatabase(url, options);
    other = await openExperimentDatabase(url, options);
  });
  afterEach(async () => {
    await db.destroy();
    await other.destroy();
    rmSync(folder, { recursive: true });
  });

  it('keeps an assignment as it was made', async () => {
    const stored = await new SqlAssignments(db).assign(proposal('a'));
    expect(stored).toEqual({ ...proposal('a'), sequence: stored.sequence });
    expect(await new SqlAssignments(other).assignments('warm-start-2')).toEqual([stored]);
    expect(await new SqlAssignments(other).assignments('another')).toEqual([]);
  });

  it('keeps any text as it is', async () => {
    const text = `'"\\ $1 ? \n ü 𝛾 {"a":1}`;
    const odd = proposal(text, { experiment: text, arm: text, shares: { [text]: 1 } });
    const stored = await new SqlAssignments(db).assign(odd);
    expect(stored).toEqual({ ...odd, sequence: stored.sequence });
    expect(await new SqlAssignments(other).assign({ ...odd, arm: 'new' })).toEqual(stored);
  });

  it('lets the first word on a unit stand, an exclusion, too', async () => {
    const [one, two] = [new SqlAssignments(db), new SqlAssignments(other)];
    const excluded = await one.assign(proposal('a', { arm: undefined, reason: 'outside-ramp' }));
    expect(excluded.arm).toBeUndefined();
    expect(await two.assign(proposal('a'))).toEqual(excluded);
    expect((await two.assign(proposal('a', { experiment: 'another' }))).arm).toBe('new');
  });

  it('has two hosts agree that ask at the same time', async () => {
    const [one, two] = [new SqlAssignments(db), new SqlAssignments(other)];
    const units = Array.from({ length: 100 }, (_, i) => `unit-${i}`);
    // What they propose differs, as with two configurations while an edit reaches one host before the other.
    const ask = (host: SqlAssignments, arm: string, order: readonly string[]) =>
      Promise.all(order.map((unit) => host.assign(proposal(unit, { arm }))));
    const [first, second] = await Promise.all([
      ask(one, 'old', units),
      ask(two, 'new', units.toReversed()),
    ]);
    expect(first).toEqual(second.toReversed());
    const stored = await one.assignments('warm-start-2');
    expect(stored).toHaveLength(100);
    expect(stored.map(({ sequence }) => sequence)).toEqual(
      stored.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
    );
  });

  it('answers many who ask at once, several for one unit and of several experiments', async () => {
    const store = new SqlAssignments(db);
    const asked = Array.from({ length: 700 }, (_, i) =>
      proposal(`unit-${i % 500}`, { experiment: `e${i % 3}`, atMs: i }),
    );
    const given = await Promise.all(
      asked.map((assignmentProposal) => store.assign(assignmentProposal)),
    );
    given.forEach(({ experiment, unit }, i) => {
      expect([experiment, unit]).toEqual([asked[i]?.experiment, asked[i]?.unit]);
    });
    const keys = new Set(given.map(({ experiment, unit }) => `${experiment} ${unit}`));
    expect(new Set(given.map(({ sequence }) => sequence)).size).toBe(keys.size);
  });

  it('rejects all who wait when the database is gone, and those who come later', async () => {
    const gone = await openExperimentDatabase(url);
    const store = new SqlAssignments(gone);
    await gone.destroy();
    const asked = await Promise.allSettled([
      store.assign(proposal('a')),
      store.assign(proposal('b')),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(store.assign(proposal('c'))).rejects.toThrow();
  });

  it('keeps one outcome a session: open, then ended once', async () => {
    const [one, two] = [new SqlOutcomes(db), new SqlOutcomes(other)];
    expect(await one.open(opening('s'))).toBe(true);
    expect(await two.open(opening('s', { arm: 'new' }))).toBe(false);
    expect(await one.outcomes('warm-start-2')).toMatchObject([
      { ...opening('s'), status: 'open', metrics: {}, endedAtMs: undefined },
    ]);
    expect(await two.finish('warm-start-2', 's', { call_equivalents: 81.5 }, 7)).toBe(true);
    expect(await one.finish('warm-start-2', 's', { call_equivalents: 1 }, 8)).toBe(false);
    expect(await one.lose('warm-start-2', 's', 9)).toBe(false);
    expect(await one.outcomes('warm-start-2')).toMatchObject([
      { arm: 'old', status: 'finished', metrics: { call_equivalents: 81.5 }, endedAtMs: 7 },
    ]);
  });

  it('ends a session once when finish and loss come together', async () => {
    const [one, two] = [new SqlOutcomes(db), new SqlOutcomes(other)];
    for (let i = 0; i < 20; i += 1) {
      await one.open(opening(`s${i}`));
      const ends = await Promise.all([
        one.finish('warm-start-2', `s${i}`, { iterations: 3 }, 1),
        two.lose('warm-start-2', `s${i}`, 1),
      ]);
      expect(ends.filter(Boolean)).toHaveLength(1);
    }
  });

  it('ends nothing that was not opened', async () => {
    const outcomes = new SqlOutcomes(db);
    expect(await outcomes.finish('warm-start-2', 'nobody', {}, 1)).toBe(false);
    expect(await outcomes.outcomes('warm-start-2')).toEqual([]);
  });

  it('loses what a killed host left open, and nothing else', async () => {
    const outcomes = new SqlOutcomes(db);
    await outcomes.open(opening('old', { atMs: 10 }));
    await outcomes.open(opening('done', { atMs: 10 }));
    await outcomes.open(opening('young', { atMs: 30 }));
    await outcomes.finish('warm-start-2', 'done', {}, 15);
    expect(await outcomes.loseOpenedBefore(20, 99)).toBe(1);
    expect(
      (await outcomes.outcomes('warm-start-2')).map(({ session, status, endedAtMs }) => [
        session,
        status,
        endedAtMs,
      ]),
    ).toEqual([
      ['old', 'lost', 99],
      ['done', 'finished', 15],
      ['young', 'open', undefined],
    ]);
  });

  it('leaves out numbers that are not finite', async () => {
    const outcomes = new SqlOutcomes(db);
    await outcomes.open(opening('s', { features: { beamlets: Number.NaN } }));
    await outcomes.finish('warm-start-2', 's', { a: Number.POSITIVE_INFINITY, b: 2 }, 1);
    expect(await outcomes.outcomes('warm-start-2')).toMatchObject([
      { features: {}, metrics: { b: 2 } },
    ]);
  });

  it('refuses a status that is none', async () => {
    await new SqlOutcomes(db).open(opening('s'));
    await expect(sql`update outcomes set status = 'maybe'`.execute(db)).rejects.toThrow(/check/i);
  });

  it('keeps one shadow outcome for each session and arm', async () => {
    const outcomes = new SqlOutcomes(db);
    const shadow = {
      experiment: 'warm-start-2',
      session: 's',
      arm: 'ghost',
      metrics: { agreement: 0.9 },
      served: 'old',
      roles: [],
      atMs: 5,
    };
    expect(await outcomes.shadow(shadow)).toBe(true);
    expect(await outcomes.shadow({ ...shadow, served: 'new' })).toBe(false);
    expect(await outcomes.shadow({ ...shadow, arm: 'spectre' })).toBe(true);
    const lost = { ...shadow, arm: 'wraith', metrics: {}, lost: 'no-processor' } as const;
    expect(await outcomes.shadow(lost)).toBe(true);
    expect(await outcomes.shadows('warm-start-2')).toEqual([
      shadow,
      { ...shadow, arm: 'spectre' },
      lost,
    ]);
  });

  it('knows whether an experiment has units', async () => {
    const assignments = new SqlAssignments(db);
    expect(await assignments.hasUnits('warm-start-2')).toBe(false);
    const proposal = { experiment: 'warm-start-2', unit: 'u', arm: 'old', shares: {}, atMs: 1 };
    await assignments.assign({ ...proposal, reason: 'hashed' });
    expect(await assignments.hasUnits('warm-start-2')).toBe(true);
    expect(await assignments.hasUnits('another')).toBe(false);
  });

  it('lets one of two hosts write a promotion, and the next only on what stands', async () => {
    const [one, two] = [new SqlPromotions(db), new SqlPromotions(other)];
    const first = {
      experiment: 'warm-start-2',
      configuration: 'here',
      state: 'moving' as const,
      attempts: 1,
      problem: '',
      atMs: 5,
    };
    expect(await one.find('warm-start-2', 'here')).toBeUndefined();
    expect(await one.replace(undefined, first)).toBe(true);
    expect(await two.replace(undefined, { ...first, atMs: 6 })).toBe(false);
    expect(await two.find('warm-start-2', 'here')).toEqual(first);
    const failed = { ...first, state: 'failed' as const, problem: 'why', atMs: 9 };
    expect(await two.replace(first, failed)).toBe(true);
    expect(await one.replace(first, { ...first, state: 'moved' })).toBe(false);
    expect(await one.find('warm-start-2', 'here')).toEqual(failed);
    expect(await one.replace(undefined, { ...first, configuration: 'there' })).toBe(true);
  });

  it('keeps experiments readable, and the ramp where it is when a definition changes', async () => {
    const experiments = new SqlExperiments(db);
    await experiments.put(testExperiment(), ramp, 1);
    const ended = testExperiment({ state: 'ended' });
    await experiments.put(ended, { ...ramp, step: 7 }, 2);
    expect(await new SqlExperiments(other).get('warm-start-2')).toEqual({
      experiment: ended,
      ramp,
      updatedAtMs: 2,
    });
    expect(await experiments.list()).toHaveLength(1);
    expect(await experiments.get('another')).toBeUndefined();
  });

  it('lets one of two hosts move the ramp', async () => {
    const [one, two] = [new SqlExperiments(db), new SqlExperiments(other)];
    await one.put(testExperiment(), ramp, 1);
    const moves = await Promise.all([
      one.replaceRamp('warm-start-2', ramp, { ...ramp, step: 1 }, 2),
      two.replaceRamp('warm-start-2', ramp, { ...ramp, step: 1, reason: 'other' }, 2),
    ]);
    expect(moves.filter(Boolean)).toHaveLength(1);
    expect((await one.get('warm-start-2'))?.ramp.step).toBe(1);
  });

  it('is left as it is when it is opened again', async () => {
    await new SqlExperiments(db).put(testExperiment(), ramp, 1);
    const again = await openExperimentDatabase(url);
    expect(await new SqlExperiments(again).list()).toHaveLength(1);
    await again.destroy();
  });
});
