import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/** A pipe or a device cannot be replaced. */
async function isReplaceable(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined || found.isFile();
}

async function write(path: string, content: AsyncIterable<string>, mode: number): Promise<void> {
  const handle = await open(path, 'w', mode);
  try {
    await writeFile(handle, content);
    await handle.sync().catch((thrown: unknown) => {
      // Of a pipe there is nothing to synchronise.
      if ((thrown as NodeJS.ErrnoException).code !== 'EINVAL') throw thrown;
    });
  } finally {
    await handle.close();
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/**
 * Writes a file that is whole or not there: beside its place first, then in its place, on the disk when it resolves. What was there
 * before stays when the disk is full. Through symbolic links; the mode is kept.
 * @param beforeReplacing As late as can be; when it rejects, what was there stays.
 * @throws what the disk, the content or `beforeReplacing` says.
 */
export async function writeWhole(
  path: string,
  content: string | AsyncIterable<string>,
  beforeReplacing: () => Promise<void> = async () => undefined,
): Promise<void> {
  const chunks = typeof content === 'string' ? once(content) : content;
  const real = await realPathOf(path);
  if (!(await isReplaceable(real))) {
    await beforeReplacing();
    return write(real, chunks, 0o666);
  }
  const before = await stat(real).catch(() => undefined);
  // Of this process: another one may be about to replace the same file.
  const fresh = join(dirname(real), `.${basename(real)}.${process.pid}.part`);
  try {
    await write(fresh, chunks, before?.mode ?? 0o666);
    await beforeReplacing();
    await rename(fresh, real);
  } catch (thrown) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw thrown;
  }
  const folder = await open(dirname(real), 'r');
  await folder.sync().finally(() => folder.close());
}
