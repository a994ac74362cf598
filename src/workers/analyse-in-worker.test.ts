import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyseInWorker } from './analyse-in-worker.js';

function scriptOf(text: string): string {
  const script = join(mkdtempSync(join(tmpdir(), 'analysis-')), 'script.mjs');
  writeFileSync(script, `import { parentPort } from 'node:worker_threads';\n${text}\n`);
  return script;
}

it('brings what the thread found', async () => {
  const analyse = analyseInWorker(scriptOf('parentPort.postMessage([]);'));
  await expect(analyse('file:///nowhere.db', ['a'])).resolves.toEqual([]);
});

// A rejection that nobody handles fails the run, too.
it("fails with the thread's own error, once", async () => {
  const analyse = analyseInWorker(scriptOf("throw new Error('the database went away');"));
  await expect(analyse('file:///nowhere.db', ['a'])).rejects.toThrow('the database went away');
});

it.each([
  ['hangs', 'setInterval(() => {}, 1000);', /did not answer/],
  ['ends without a word', '', /ended without an answer/],
])('fails when the thread %s, so that the next analysis can come', async (_, text, message) => {
  const analyse = analyseInWorker(scriptOf(text), 300);
  await expect(analyse('file:///nowhere.db', ['a'])).rejects.toThrow(message);
});
