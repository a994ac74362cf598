import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { askWorker, WorkerFailure } from './run-in-worker.js';

function scriptOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-ask-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const script = join(folder, 'script.mjs');
  writeFileSync(script, `import { parentPort } from 'node:worker_threads';\n${text}\n`);
  return script;
}

const LONG_MS = 20_000;

it('brings the answer of a thread, and ends it', async () => {
  const script = scriptOf('parentPort.postMessage(7); setInterval(() => {}, 1000);');
  await expect(askWorker(script, { limitMs: LONG_MS })).resolves.toBe(7);
});

it('waits for the end of a thread that has something to close', async () => {
  const script = scriptOf("parentPort.postMessage('closed');");
  await expect(askWorker(script, { limitMs: LONG_MS, waitsForExit: true })).resolves.toBe('closed');
});

it.each([
  ['throws', "throw new Error('away');", /^away$/],
  ['rejects', "await Promise.reject(new Error('away'));", /^away$/],
  ['ends without an answer', '', /ended without an answer, code 0/],
  ['exits', 'process.exit(3);', /ended without an answer, code 3/],
])('fails with the reason when it %s', async (_, text, message) => {
  await expect(askWorker(scriptOf(text), { limitMs: LONG_MS })).rejects.toThrow(message);
});

it('fails when there is no such script', async () => {
  await expect(askWorker('/nowhere.mjs', { limitMs: LONG_MS })).rejects.toThrow();
});

it.each([
  ['waits', 'setInterval(() => {}, 1000);', false, /did not answer in 0 s/],
  ['spins', 'for (;;);', false, /did not answer in 0 s/],
  [
    'does not end',
    "parentPort.postMessage('a'); setInterval(() => {}, 1000);",
    true,
    /did not end/,
  ],
])('ends a thread that %s for longer than its time', async (_, text, waitsForExit, message) => {
  const asked = askWorker(scriptOf(text), { limitMs: 300, waitsForExit });
  await expect(asked).rejects.toThrow(WorkerFailure);
  await expect(asked).rejects.toThrow(message);
});
