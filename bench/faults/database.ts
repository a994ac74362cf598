import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { SecondConnection } from '../../src/storage/testing/second-connection.js';
import { median, quantile } from '../lib/figures.js';
import { PacedPlans } from '../lib/paced-plans.js';
import { FaultHost } from './fault-host.js';
import type { FaultRow } from './summary.js';

/** What befalls the database's file while plans stream. */
export const DATABASE_FAULTS = ['locked', 'full', 'read-only', 'damaged'] as const;
export type DatabaseFault = (typeof DATABASE_FAULTS)[number];

export interface DatabaseTask {
  readonly rounds: number;
  /** Times are told and not judged: a busy machine has others at work. */
  readonly isShort: boolean;
}

const PLANS = 16;
const PERIOD_MS = 20;
/** A plan of these ends every half second, so that many end under the fault. */
const ITERATIONS = 25;
/** p99 of answers under the fault over p99 of quiet. */
const MOST_RATIO = 2;

interface Round {
  readonly quietMs: number;
  readonly faultMs: number;
  readonly acknowledged: number;
  readonly missing: number;
  readonly streamErrors: number;
  /** Plans that opened while the store did not answer: they went on as configured, in no arm. */
  readonly inNoArm: number;
}

const p99Ms = (timesUs: readonly number[] = []): number => quantile(timesUs, 0.99) / 1000;

/** What makes the fault, and what ends it. */
async function begin(
  fault: DatabaseFault,
  file: string,
  host: FaultHost,
): Promise<() => Promise<void>> {
  switch (fault) {
    case 'locked': {
      const other = new SecondConnection(file);
      other.exec('pragma busy_timeout = 10000');
      other.lock();
      return async () => {
        other.unlock();
        other.close();
      };
    }
    case 'full':
      // The host may not make any file longer than this: what a full disk is to it, and nobody else's disk.
      await limitFiles(host.pid, '0:0');
      // Given back only to the next host: a limit that was lowered stays.
      return async () => undefined;
    case 'read-only':
      await execa('chattr', ['+i', file]);
      return async () => {
        await execa('chattr', ['-i', file]);
      };
    case 'damaged': {
      // From its log alone SQLite would make the file whole again, so that is written into the file first; nobody else writes between the
      // copy and the damage. SQLite may go on from memory: what it acknowledges then is in the new log, and there when the file is.
      const other = new SecondConnection(file);
      other.exec('pragma busy_timeout = 10000');
      other.exec('pragma wal_checkpoint(truncate)');
      other.lock();
      cpSync(file, `${file}.kept`);
      const handle = openSync(file, 'r+');
      writeSync(handle, DAMAGE, 0, DAMAGE.length, 0);
      closeSync(handle);
      other.unlock();
      other.close();
      return async () => {
        rmSync(`${file}-shm`, { force: true });
        repair(file, `${file}.kept`);
      };
    }
  }
}

/** Two pages of SQLite: the header with the schema, and the first table. */
const PAGE_BYTES = 4096;
const DAMAGE = Buffer.alloc(2 * PAGE_BYTES, 0x5a);

/**
 * Puts back the pages that are still damaged. The others stay: when its log was full, SQLite has written it into the file since, and the
 * copy knows nothing of that.
 */
function repair(file: string, kept: string): void {
  const copy = readFileSync(kept);
  const now = readFileSync(file);
  const handle = openSync(file, 'r+');
  for (let at = 0; at < DAMAGE.length; at += PAGE_BYTES) {
    const isDamaged = now.subarray(at, at + PAGE_BYTES).every((byte) => byte === DAMAGE[0]);
    if (isDamaged) writeSync(handle, copy, at, PAGE_BYTES, at);
  }
  closeSync(handle);
}

async function limitFiles(pid: number, limit: string): Promise<void> {
  await execa('prlimit', ['--pid', String(pid), `--fsize=${limit}`]);
}

async function playRound(folder: string, fault: DatabaseFault, seconds: number): Promise<Round> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'experiments.db');
  const host = await FaultHost.start(folder);
  const plans = new PacedPlans({
    address: host.address,
    plans: PLANS,
    periodMs: PERIOD_MS,
    iterations: ITERATIONS,
    kind: 'small',
  });
  await plans.open;
  await pause(1000);
  plans.phase('quiet');
  await pause(seconds * 1000);
  const end = await begin(fault, file, host);
  plans.phase('fault');
  await pause(seconds * 1000);
  plans.phase('after');
  const { counts, timesUs, summedUp } = await plans.end();
  await host.kill();
  await end();
  // The next host stores what waited.
  const next = await FaultHost.start(folder);
  const missing = await next.waitForOutcomes(file, summedUp);
  await next.stop();
  const times = new Map(timesUs);
  return {
    quietMs: p99Ms(times.get('quiet')),
    faultMs: p99Ms(times.get('fault')),
    acknowledged: summedUp.length,
    missing,
    streamErrors: counts.streamErrors,
    inNoArm: counts.plans - counts.inArms,
  };
}

/** Whether this machine can make the fault; in a container `chattr` may be forbidden. */
async function obstacle(fault: DatabaseFault, folder: string): Promise<string | undefined> {
  if (fault !== 'read-only') return undefined;
  const probe = join(folder, 'probe');
  writeFileSync(probe, '');
  try {
    await execa('chattr', ['+i', probe]);
    await execa('chattr', ['-i', probe]);
    return undefined;
  } catch {
    return 'not made: chattr +i is not allowed on this file system';
  }
}

/** Two promises: plans do not wait for the database, and what was acknowledged is there after `kill -9`. */
export async function tryDatabase(
  folder: string,
  fault: DatabaseFault,
  { rounds, isShort }: DatabaseTask,
): Promise<readonly FaultRow[]> {
  const name = `the database is ${fault} while ${PLANS} plans stream`;
  const why = await obstacle(fault, folder);
  if (why !== undefined) return [{ name, runs: 0, failures: 0, note: why }];
  const played: Round[] = [];
  for (let n = 0; n < rounds; n += 1) {
    played.push(await playRound(join(folder, `db-${fault}`), fault, isShort ? 2 : 8));
  }
  const ratios = played.map(({ quietMs, faultMs }) => faultMs / quietMs);
  const ratio = median(ratios);
  const sum = (of: (round: Round) => number) =>
    played.reduce((total, round) => total + of(round), 0);
  const slow = isShort || ratio <= MOST_RATIO ? 0 : 1;
  const broken = sum(({ streamErrors }) => streamErrors);
  const times = played.map(
    ({ quietMs, faultMs }) => `${quietMs.toFixed(1)} to ${faultMs.toFixed(1)}`,
  );
  const acknowledged = sum((round) => round.acknowledged);
  return [
    {
      name: `${name}: answers`,
      runs: rounds,
      failures: slow + broken,
      note: `p99 in ms ${times.join(', ')}; ratio ${ratio.toFixed(2)} (median${isShort ? ', not judged' : `, at most ${MOST_RATIO}`}); ${broken} broken streams`,
    },
    {
      name: `${name}: acknowledged outcomes after kill -9`,
      runs: acknowledged,
      failures: sum(({ missing }) => missing),
      note: `${acknowledged} outcomes were said to be kept, ${sum(({ missing }) => missing)} of them are not there; ${sum(({ inNoArm }) => inNoArm)} plans opened meanwhile in no arm`,
    },
  ];
}
