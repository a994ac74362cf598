import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../testing/memory-files.js';
import { RecordingLog, type RecordingLogOptions, type StopCause } from './recording-log.js';

function setUp(overrides: Partial<RecordingLogOptions> = {}) {
  const disk = new MemoryFiles();
  const stops: StopCause[] = [];
  const log = new RecordingLog({
    path: 'x',
    files: disk,
    maxSessionBytes: 1000,
    maxBufferBytes: 1000,
    quota: { take: () => true },
    onStop: (cause) => stops.push(cause),
    ...overrides,
  });
  const last = (cause: StopCause | undefined) => Buffer.from(`<${cause ?? 'end'}>`);
  return { disk, stops, log, last, text: () => disk.files.get('x')?.toString() };
}

const text = (value: string) => Buffer.from(value);

describe('a recording log', () => {
  it('keeps order and closes with the last record', async () => {
    const { log, last, text: content, stops } = setUp();
    for (const part of 'abcdef') log.append(text(part));
    await log.close(last);
    expect(content()).toBe('abcdef<end>');
    expect(log.writtenBytes).toBe(11);
    expect(stops).toEqual([]);
  });

  it('writes records that arrive while the disk is busy', async () => {
    const { log, last, disk, text: content } = setUp();
    let open = () => {};
    disk.gate = new Promise((resolve) => {
      open = resolve;
    });
    log.append(text('a'));
    await Promise.resolve();
    log.append(text('b'));
    open();
    // One more for every turn in which the first batches may just have ended.
    for (let turn = 0; turn < 20; turn += 1) {
      await Promise.resolve();
      log.append(text('c'));
    }
    await log.close(last);
    expect(content()).toBe(`ab${'c'.repeat(20)}<end>`);
  });

  it('stops at a full disk, without half a record', async () => {
    const { log, last, disk, text: content, stops } = setUp();
    log.append(text('whole'));
    await new Promise(setImmediate);
    disk.roomBytes = 11;
    log.append(text('this is more than fits'));
    await new Promise(setImmediate);
    log.append(text('ignored'));
    await log.close(last);
    expect(stops).toEqual(['disk-error']);
    expect(content()).toBe('whole');
  });

  it('says in the file why it stopped, when the disk takes that much', async () => {
    const { log, last, disk, text: content } = setUp();
    disk.roomBytes = 14;
    log.append(text('this is more than fits'));
    await log.close(last);
    expect(content()).toBe('<disk-error>');
  });

  it('stops when the disk falls behind, and keeps what it had taken', async () => {
    const { log, last, disk, text: content, stops } = setUp({ maxBufferBytes: 8 });
    let open = () => {};
    disk.gate = new Promise((resolve) => {
      open = resolve;
    });
    log.append(text('12345'));
    log.append(text('678901'));
    log.append(text('x'));
    expect(stops).toEqual(['buffer-full']);
    open();
    await log.close(last);
    expect(content()).toBe('12345<buffer-full>');
  });

  it('stops at the limit of a session and of the directory', async () => {
    const session = setUp({ maxSessionBytes: 6 });
    session.log.append(text('12345'));
    session.log.append(text('67'));
    session.log.append(text('8'));
    await session.log.close(session.last);
    expect(session.text()).toBe('12345<session-limit>');
    const directory = setUp({ quota: { take: (bytes) => bytes < 4 } });
    directory.log.append(text('123'));
    directory.log.append(text('1234'));
    await directory.log.close(directory.last);
    expect(directory.text()).toBe('123<directory-full>');
  });

  it('survives a file that cannot be made', async () => {
    const files = { create: () => Promise.reject(new Error('read-only file system')) };
    const { log, last, stops } = setUp({ files });
    log.append(text('a'));
    await log.close(last);
    expect(stops).toEqual(['disk-error']);
    expect(log.writtenBytes).toBe(0);
  });
});
