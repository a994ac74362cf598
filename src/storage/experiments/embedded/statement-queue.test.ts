import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecondConnection } from '../../testing/second-connection.js';
import { EmbeddedFile } from './embedded-file.js';
import { processNowMs, StatementQueue } from './statement-queue.js';

const LIMIT_MS = 120;
const INSERT = 'insert into t values (?) on conflict (x) do update set x = excluded.x returning *';

let folder: string;
let path: string;
let queue: StatementQueue;
let other: SecondConnection;

const ask = (sql: string, parameters: readonly unknown[] = [], transaction?: number) =>
  queue.ask({
    kind: 'run',
    transaction,
    statement: { sql, parameters, isWrite: !sql.startsWith('select') },
  });
const insert = (x: string) => ask(INSERT, [x]);
const open = () =>
  new StatementQueue(new EmbeddedFile(path), { limitMs: LIMIT_MS, nowMs: processNowMs });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-queue-'));
  path = join(folder, 'e.db');
  queue = open();
  await ask("create table t (x text unique check (x <> 'bad'))");
  other = new SecondConnection(path);
});
afterEach(async () => {
  await queue.close();
  other.close();
  rmSync(folder, { recursive: true });
});

/** Locks are a process' own: within one, nothing shows of what another would do. */
function inAnotherProcess(script: string): void {
  execFileSync(process.execPath, ['-e', script, path], { stdio: 'inherit' });
}

/** What is acknowledged from here on is seen by another program, and nobody is locked out. */
async function expectWell(): Promise<void> {
  const before = other.count('t');
  for (let i = 1; i <= 3; i += 1) {
    const { rows } = await insert(`after-${i}`);
    expect(rows).toHaveLength(1);
    expect(other.count('t')).toBe(before + i);
    other.checkLockIsFree();
  }
}

describe('what is acknowledged after a failure is on the disk', () => {
  it('after a lock of another program that outlasted the limit', async () => {
    other.lock();
    const failed = await Promise.allSettled([insert('a'), insert('b'), insert('c')]);
    for (const result of failed) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { kind: expect.stringMatching(/busy|late/) },
      });
    }
    other.unlock();
    await expectWell();
    expect(other.count('t')).toBe(3);
  });

  it.each([
    ['a check that fails', INSERT, ['bad']],
    ['a key that is taken', 'insert into t values (?) returning *', ['taken']],
    ['the same without rows', 'insert into t values (?)', ['taken']],
    ['a statement that is none', 'insert int t', []],
    ['a table that is not there', 'update nothing set x = 1', []],
    ['a parameter too few', 'insert into t select ?1 from t, nothing', []],
    ['a read that fails', 'select * from nothing', []],
    ['JSON that is none', "insert into t select value from json_each('{')", []],
  ])('after %s', async (_, sql, parameters) => {
    await insert('taken');
    await expect(ask(sql, parameters)).rejects.toMatchObject({ kind: 'statement' });
    other.checkLockIsFree();
    await expectWell();
  });

  it('after a transaction of which a statement failed: none of it stands, its commit fails', async () => {
    await queue.ask({ kind: 'begin', transaction: 7 });
    await ask(INSERT, ['first'], 7);
    await expect(ask(INSERT, ['bad'], 7)).rejects.toMatchObject({ kind: 'statement' });
    await expect(queue.ask({ kind: 'commit', transaction: 7 })).rejects.toThrow(/has ended/);
    await queue.ask({ kind: 'rollback', transaction: 7 });
    expect(other.count('t')).toBe(0);
    await expectWell();
  });

  it('after a transaction whose owner went away', async () => {
    await queue.ask({ kind: 'begin', transaction: 1 });
    await ask(INSERT, ['never'], 1);
    // Waits until the transaction has been given up.
    await insert('late').catch(() => undefined);
    await expectWell();
    await expect(queue.ask({ kind: 'commit', transaction: 1 })).rejects.toThrow(/has ended/);
  });
});

it('tries again while another program holds the lock, and stores once it is free', async () => {
  other.lock();
  const stored = insert('a');
  await new Promise((resolve) => setImmediate(resolve));
  other.unlock();
  await expect(stored).resolves.toMatchObject({ changes: 1 });
  expect(other.count('t')).toBe(1);
});

it('reads while another program holds the write lock', async () => {
  await insert('a');
  other.lock();
  expect((await ask('select x from t')).rows).toEqual([{ x: 'a' }]);
  other.unlock();
});

it('keeps a transaction whole and apart from what others ask meanwhile', async () => {
  await queue.ask({ kind: 'begin', transaction: 1 });
  const outside = insert('outside');
  await ask(INSERT, ['inside'], 1);
  expect(other.count('t')).toBe(0);
  await queue.ask({ kind: 'commit', transaction: 1 });
  await outside;
  expect(other.count('t')).toBe(2);
});

it('rejects what is asked after the end', async () => {
  await queue.close();
  await expect(insert('a')).rejects.toMatchObject({ kind: 'closed' });
});

describe('a file that is removed or replaced under the host', () => {
  const move = (from: string, to: string) => {
    for (const suffix of ['', '-wal', '-shm']) {
      try {
        renameSync(join(folder, `${from}${suffix}`), join(folder, `${to}${suffix}`));
      } catch {
        // SQLite removes these two when it has no use for them.
      }
    }
  };

  it('is said to be gone, is not made anew, and is taken up again when it is back', async () => {
    await insert('a');
    other.close();
    move('e.db', 'away.db');
    for (let i = 0; i < 2; i += 1) {
      await expect(insert('lost')).rejects.toMatchObject({ kind: 'missing' });
      await expect(ask('select * from t')).rejects.toThrow(/e\.db: it is gone; put it back/);
    }
    move('away.db', 'e.db');
    other = new SecondConnection(path);
    await expectWell();
    expect(other.count('t')).toBe(4);
  });

  it('acknowledges nothing that goes into a file nobody can find', async () => {
    other.close();
    rmSync(path);
    await expect(insert('lost')).rejects.toMatchObject({ kind: 'missing' });
  });

  it('is noticed when another takes its place, which is used from then on', async () => {
    await insert('a');
    other.close();
    move('e.db', 'away.db');
    const new_ = new SecondConnection(path);
    new_.exec('create table t (x text unique)');
    await expect(insert('b')).rejects.toMatchObject({ kind: 'replaced' });
    other = new_;
    await expectWell();
    expect(other.count('t')).toBe(3);
  });

  it('keeps its log when a program that has read it leaves', async () => {
    await insert('a');
    inAnotherProcess(`
      const Database = require('libsql');
      const database = new Database(process.argv[1]);
      database.prepare('select count(*) from t').all();
      database.close();`);
    expect(existsSync(`${path}-wal`)).toBe(true);
    await expectWell();
  });

  it('is said to be damaged, and used again when a whole one is there', async () => {
    await insert('a');
    await queue.close();
    other.close();
    move('e.db', 'whole.db');
    writeFileSync(path, 'this is no database, and long enough to be looked at'.repeat(200));
    queue = open();
    await expect(insert('b')).rejects.toMatchObject({ kind: 'damaged' });
    rmSync(path);
    move('whole.db', 'e.db');
    other = new SecondConnection(path);
    await expectWell();
    expect(other.count('t')).toBe(4);
  });
});

const isRoot = process.getuid?.() === 0;
it.runIf(isRoot)('a file that may not be written is said so, and written when it may', () => {
  const file = new EmbeddedFile(path);
  const statement = { sql: INSERT, parameters: ['a'], isWrite: true };
  // The rights of a file stop everybody but root.
  process.seteuid?.(65_534);
  try {
    expect(() => file.run(statement)).toThrow(/e\.db: (it cannot be written|the disk refuses it)/);
  } finally {
    process.seteuid?.(0);
  }
  expect(file.run(statement).changes).toBe(1);
  expect(other.count('t')).toBe(1);
  file.close();
});
