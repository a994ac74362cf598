import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RecordingDirectory } from './recording-directory.js';

const environment = { DH_ADVISOR_RECORDING_SECRET: 'a secret of the tests' };

it('knows how full it is while recordings become trajectories, and after a restart', () => {
  const path = mkdtempSync(join(tmpdir(), 'dh-advisor-recordings-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const directory = new RecordingDirectory(path, environment);
  const empty = directory.usedBytes;
  const quota = directory.quota(empty + 1000);
  expect(quota.take(600)).toBe(true);
  expect(quota.take(600)).toBe(false);
  mkdirSync(join(path, 'one'));
  writeFileSync(join(path, 'one', 'iterations.parquet'), Buffer.alloc(250));
  directory.converted('one', 600);
  expect(directory.usedBytes).toBe(empty + 250);
  expect(quota.take(600)).toBe(true);
  directory.converted('never-written', 600);
  directory.release();
  expect(new RecordingDirectory(path, environment).usedBytes).toBe(directory.usedBytes);
});

describe('a directory that another host may record to', () => {
  /** A second host in another process: which process id it has, or thinks it has, says nothing. */
  async function hostAt(path: string, pid: number) {
    const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-lock-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const script = join(folder, 'host.mjs');
    const code = new URL(
      '../../../dist/src/storage/recordings/recording-directory.js',
      import.meta.url,
    ).href;
    writeFileSync(
      script,
      `import { RecordingDirectory } from '${code}';
       Object.defineProperty(process, 'pid', { value: ${pid} });
       try {
         globalThis.directory = new RecordingDirectory(process.argv[2], ${JSON.stringify(environment)});
         process.send(globalThis.directory.leftovers);
       } catch (thrown) {
         process.send(String(thrown));
       }
       setInterval(() => undefined, 1000);`,
    );
    const child = fork(script, [path], { execArgv: [] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [told] = (await once(child, 'message')) as [readonly string[] | string];
    return { child, told };
  }

  function pathOf(): string {
    const path = mkdtempSync(join(tmpdir(), 'dh-advisor-recordings-'));
    onTestFinished(() => rmSync(path, { recursive: true }));
    writeFileSync(join(path, 'running.recording'), 'of a host that lives');
    return path;
  }

  it('is refused, also with equal process ids as in two containers', async () => {
    const path = pathOf();
    const directory = new RecordingDirectory(path, environment);
    const { told } = await hostAt(path, process.pid);
    expect(told).toMatch(/another host records to .*; give this one a directory of its own/);
    directory.release();
  });

  it('is refused while the other is paused, and had as soon as it was killed', async () => {
    const path = pathOf();
    const { child, told } = await hostAt(path, process.pid);
    expect(told).toEqual(['running']);
    child.kill('SIGSTOP');
    expect(() => new RecordingDirectory(path, environment)).toThrow(/another host records/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const directory = new RecordingDirectory(path, environment);
    expect(directory.leftovers).toEqual(['running']);
    directory.release();
  });

  it('is had although a process that has nothing to do with it has the id in an old lock', () => {
    const path = pathOf();
    writeFileSync(join(path, '.host-lock'), `${process.ppid}\n`);
    new RecordingDirectory(path, environment).release();
  });
});
