// `dh-advisor session verify`, as docs/journals.md tells to type it, on journals of a host in a process of its own that is killed, too.
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blocksOf } from '../../support/guide.js';
import { HostProcess } from '../../support/host-process.js';
import { PlanClient } from '../stream/testing/plan-client.js';
import { until } from '../stream/testing/test-host.js';
import { firstIterations, wireFinish, wireRun, wireStart } from '../stream/testing/wire-run.js';

const main = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url));
const host = new HostProcess('  early-stopping: { plugin: objective-floor, deadline_ms: 10000 }\n');
const directory = join(dirname(host.configFile), 'journals');
const advisor = (...args: string[]) => execa('node', [main, ...args], { reject: false });

beforeAll(async () => {
  await host.start();
});
afterAll(async () => {
  await host.stop();
});

/** A plan to its end. */
async function playPlan() {
  const client = new PlanClient(host.address);
  const session = (await client.ask(wireStart()))?.accepted?.sessionId ?? '';
  await client.play(wireRun(6));
  const head = (await client.ask(wireFinish))?.summary?.provenance?.journalSha256 ?? '';
  await client.status;
  const file = join(directory, `${session}.journal`);
  await until(() => isClosed(file));
  return { session, head, file };
}

function isClosed(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes('"kind":"close"');
  } catch {
    return false;
  }
}

it('proves a whole journal, by file and by session, with what the client kept', async () => {
  const { session, head, file } = await playPlan();
  const [block] = blocksOf('docs/journals.md').filter(({ language }) => language === 'sh');
  const words = { 'host.yaml': host.configFile, SESSION: session, FILE: file, SHA256: head };
  const commands = (block?.text ?? '').trim().split('\n');
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    const [name, ...args] = command.split(/\s+/);
    expect(name).toBe('dh-advisor');
    const filled = args.map((word) => words[word as keyof typeof words] ?? word);
    const { stdout, stderr, exitCode } = await advisor(...filled);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/state +│ whole/);
    expect(stdout).toContain(head);
  }
  const { stdout } = await advisor('verify', file, '--head', head.toUpperCase(), '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    is_proven: true,
    state: 'whole',
    session,
    head,
    kept_head: 'matches',
    missing_entries: 0,
  });
});

it('says at which line a journal is broken, and that a head is of another', async () => {
  const { head, file } = await playPlan();
  const other = await playPlan();
  const foreign = await advisor('verify', file, '--head', other.head);
  expect(foreign.exitCode).toBe(1);
  expect(foreign.stdout).toMatch(/kept head +│ is of no line of this journal/);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"outcome":"applied"', '"outcome":"clamped"'));
  const changed = await advisor('session', 'verify', file);
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout).toMatch(/state +│ broken at line 2, which was changed/);
  writeFileSync(file, text);
  // Without the line that closes it: proven only to whom kept the hash.
  truncateSync(file, text.trimEnd().lastIndexOf('\n') + 1);
  const cut = await advisor('verify', file);
  expect([cut.exitCode, cut.stdout]).toEqual([1, expect.stringContaining('ends without a close')]);
  expect((await advisor('verify', file, '--head', head)).exitCode).toBe(0);
});

it('a host that is killed leaves what it had decided, and the next one goes on beside it', async () => {
  const client = new PlanClient(host.address);
  const session = (await client.ask(wireStart()))?.accepted?.sessionId ?? '';
  await client.play(firstIterations(6));
  const file = join(directory, `${session}.journal`);
  await until(() => readdirSync(directory).includes(`${session}.journal`));
  await until(() => readFileSync(file, 'utf8').includes('"kind":"opening"'));
  await host.crash();
  await client.status;
  const killed = await advisor('verify', session, '--config', host.configFile);
  expect(killed.exitCode).toBe(1);
  expect(killed.stdout).toMatch(/ends without a finish/);
  await host.start();
  const { file: next } = await playPlan();
  expect((await advisor('verify', next)).exitCode).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain(session);
});

it.each([
  [['verify', 'nowhere.journal'], /There is no journal nowhere\.journal/],
  [['verify', '../../etc/passwd', '--config', host.configFile], /is no session/],
  [['verify', '/etc/passwd'], /broken at line 1/],
  [['verify', '/dev/zero'], /is a folder or a device/],
  [['verify', 'x', '--head', 'abc'], /must be a SHA-256: 64 hexadecimal digits/],
])('%j is refused, and says why', async (args, said) => {
  const { exitCode, all } = await execa('node', [main, ...args], { reject: false, all: true });
  expect(exitCode).toBe(1);
  expect(all).toMatch(said);
});
