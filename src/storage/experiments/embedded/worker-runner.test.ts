import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecondConnection } from '../../testing/second-connection.js';
import { WorkerRunner } from './worker-runner.js';

const script = fileURLToPath(
  new URL('../../../../dist/src/workers/database-worker.js', import.meta.url),
);

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-worker-'));
  path = join(folder, 'e.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (runner: WorkerRunner, sql: string, parameters: readonly unknown[] = []) =>
  runner.ask({
    kind: 'run',
    transaction: undefined,
    statement: { sql, parameters, isWrite: true },
  });

/** With the files that SQLite keeps beside it, as far as they are there. */
function moveDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(`${from}${suffix}`)) renameSync(`${from}${suffix}`, `${to}${suffix}`);
  }
}

function scriptOf(text: string): string {
  const file = join(folder, 'script.mjs');
  writeFileSync(file, `import { parentPort } from 'node:worker_threads';\n${text}\n`);
  return file;
}

describe('the thread of the database', () => {
  it('leaves the caller free while another program holds the lock', async () => {
    const runner = new WorkerRunner(script, { path, limitMs: 1000 });
    await write(runner, 'create table t (x)');
    const other = new SecondConnection(path);
    other.lock();
    const told = write(runner, 'insert into t values (1)').catch((fault: unknown) => fault);
    let longestMs = 0;
    let last = performance.now();
    let isWaiting = true;
    const turn = () => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
      if (isWaiting) setImmediate(turn);
    };
    turn();
    expect(await told).toMatchObject({ kind: 'busy', message: expect.stringContaining('e.db') });
    isWaiting = false;
    // The lock was held for a second; a turn of this thread takes far less, on a busy machine, too.
    expect(longestMs).toBeLessThan(500);
    other.unlock();
    await write(runner, 'insert into t values (2)');
    expect(other.count('t')).toBe(1);
    other.close();
    await runner.close();
  });

  it.each([
    [
      'is removed and put back',
      (to: string) => moveDatabase(path, to),
      (from: string) => moveDatabase(from, path),
    ],
    ['loses its log of writes', () => rmSync(`${path}-wal`), () => undefined],
    [
      'is overwritten and restored',
      (to: string) => {
        moveDatabase(path, to);
        writeFileSync(path, 'no database at all, and long enough to be looked at'.repeat(100));
      },
      (from: string) => {
        rmSync(path);
        moveDatabase(from, path);
      },
    ],
    [
      'alone is replaced by a backup',
      () => {
        const backup = new SecondConnection(path);
        backup.exec(`vacuum into '${join(folder, 'backup.db')}'`);
        backup.close();
        renameSync(join(folder, 'backup.db'), path);
      },
      () => undefined,
    ],
    ['is cut short in place', () => writeFileSync(path, 'x'), () => undefined],
  ])('stores again, and for others to see, when its file %s', async (_, spoil, restore) => {
    const runner = new WorkerRunner(script, { path, limitMs: 10_000 });
    await write(runner, 'create table t (x)');
    const away = join(folder, 'away.db');
    spoil(away);
    // What is asked at the moment at which the thread tells the fault and ends is asked of the next one.
    const told = expect(write(runner, 'insert into t values (1)')).rejects.toMatchObject({
      kind: expect.stringMatching(/missing|replaced|damaged/),
    });
    await told;
    restore(away);
    const both = [2, 3].map((x) => write(runner, `insert into t values (${x})`));
    await Promise.all(both);
    const other = new SecondConnection(path);
    expect(other.count('t')).toBe(2);
    other.checkLockIsFree();
    other.close();
    await runner.close();
  });

  it('makes no file anew in place of one that is gone, in no thread', async () => {
    const runner = new WorkerRunner(script, { path, limitMs: 10_000 });
    await write(runner, 'create table t (x)');
    moveDatabase(path, join(folder, 'away.db'));
    for (let i = 0; i < 3; i += 1) {
      await expect(write(runner, 'insert into t values (1)')).rejects.toMatchObject({
        kind: 'missing',
      });
    }
    expect(existsSync(path)).toBe(false);
    await runner.close();
  });

  it('rejects what waits when it ends, and is started again', async () => {
    const dying = scriptOf(`
      let n = 0;
      parentPort.on('message', (message) => {
        if (message === 'close') parentPort.close();
        else process.exit(3);
      });`);
    const runner = new WorkerRunner(dying, { path, limitMs: 1000 });
    const both = await Promise.allSettled([write(runner, 'one'), write(runner, 'two')]);
    for (const result of both) expect(result).toMatchObject({ reason: { kind: 'silent' } });
    await expect(write(runner, 'three')).rejects.toMatchObject({ kind: 'silent' });
    await runner.close();
  });

  it('says so when it hangs: requests are rejected, none piles up, and the end does not wait for it', async () => {
    const deaf = scriptOf("parentPort.on('message', () => {});");
    const runner = new WorkerRunner(deaf, { path, limitMs: 1, graceMs: 1, closeMs: 1 });
    await expect(write(runner, 'one')).rejects.toMatchObject({ kind: 'silent' });
    await expect(write(runner, 'two')).rejects.toThrow(/its thread does not answer/);
    await runner.close();
    await expect(write(runner, 'three')).rejects.toMatchObject({ kind: 'closed' });
  });
});
