import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutcomeOpening } from '../../domain/experiments/experiments.js';
import type { PlanEnding } from '../../domain/experiments/plan-ending.js';
import type { ExperimentStores } from '../../domain/experiments/plan-experiments.js';
import { FileSpool, readSpool } from './ending-spool.js';
import { experimentStores } from './experiment-stores.js';
import { HostClaim } from './host-claim.js';

const openingOf = (session: string): OutcomeOpening => ({
  experiment: 'e',
  session,
  unit: session,
  arm: 'old',
  features: {},
  atMs: 1,
});
const endingOf = (session: string): PlanEnding => ({
  opening: openingOf(session),
  status: 'finished',
  metrics: { iterations: 4 },
  atMs: 9,
});

let folder: string;
let opened: ExperimentStores[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-hosts-'));
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((stores) => stores.close()));
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, 'e.db');

/** A host at the file. */
async function startHost(): Promise<ExperimentStores> {
  const stores = await experimentStores({}, {})(pathToFileURL(file()).href);
  opened.push(stores);
  return stores;
}

async function stopHost(stores: ExperimentStores): Promise<void> {
  opened.splice(opened.indexOf(stores), 1);
  await stores.close();
}

const statusesOf = async ({ outcomes }: ExperimentStores) =>
  (await outcomes.outcomes('e')).map(({ session, status }) => `${session} ${status}`);

describe('a second host at the same file', () => {
  it('leaves running plans of the first alone, in a rolling restart, too', async () => {
    const first = await startHost();
    await first.outcomes.open(openingOf('a'));
    const second = await startHost();
    expect(await second.takeOver(5)).toEqual({ stored: 0, lost: 0, rejected: 0 });
    await second.outcomes.open(openingOf('b'));
    expect(await first.takeOver(6)).toEqual({ stored: 0, lost: 0, rejected: 0 });
    expect(await first.outcomes.finish('e', 'a', {}, 7)).toBe(true);
    await stopHost(first);
    expect(await second.takeOver(8)).toEqual({ stored: 0, lost: 0, rejected: 0 });
    expect(await statusesOf(second)).toEqual(['a finished', 'b open']);
  });

  it('loses what the first left open when it has ended, once, and stores what that had put aside', async () => {
    const first = await startHost();
    for (const session of ['a', 'b', 'c']) await first.outcomes.open(openingOf(session));
    await first.spool.append(endingOf('b'));
    // Its row is gone as well.
    await first.spool.append(endingOf('d'));
    const shadow = { experiment: 'e', session: 'b', arm: 'ghost', served: 'old', metrics: {} };
    await first.spool.append({ shadow: { ...shadow, roles: [], atMs: 9 } });
    await stopHost(first);
    const [second, third] = [await startHost(), await startHost()];
    const taken = await Promise.all([second.takeOver(10), third.takeOver(10)]);
    expect(taken.reduce((sum, { stored }) => sum + stored, 0)).toBe(3);
    expect(taken.reduce((sum, { lost }) => sum + lost, 0)).toBe(2);
    expect(await statusesOf(second)).toEqual(['a lost', 'b finished', 'c lost', 'd finished']);
    expect(await second.outcomes.shadows('e')).toMatchObject([shadow]);
    expect(readdirSync(`${file()}.hosts`).filter((name) => name.endsWith('.jsonl'))).toEqual([]);
    expect(await second.takeOver(11)).toEqual({ stored: 0, lost: 0, rejected: 0 });
  });
});

it('an outcome put aside that no row can have is set apart, and keeps no other one back', async () => {
  const first = await startHost();
  for (const session of ['a', 'b']) await first.outcomes.open(openingOf(session));
  const bad = { ...endingOf('a'), opening: { ...openingOf('a'), unit: null as never } };
  await first.spool.append({ ...bad, opening: { ...bad.opening, session: 'new' } });
  await first.spool.append(endingOf('b'));
  await stopHost(first);
  const second = await startHost();
  expect(await second.takeOver(10)).toEqual({ stored: 1, lost: 1, rejected: 1 });
  expect(await statusesOf(second)).toEqual(['a lost', 'b finished']);
  const rejected = readFileSync(join(`${file()}.hosts`, 'rejected.jsonl'), 'utf8');
  expect(JSON.parse(rejected)).toMatchObject({
    why: expect.stringMatching(/NOT NULL/),
    opening: { session: 'new' },
  });
});

/** A process that claims a folder with this process's own code, compiled. */
async function claimElsewhere(directory: string) {
  const script = join(folder, 'claim.mjs');
  const code = new URL('../../../dist/src/storage/experiments/host-claim.js', import.meta.url).href;
  writeFileSync(
    script,
    `import { HostClaim } from '${code}';
     globalThis.claim = new HostClaim(process.argv[2]);
     process.send(globalThis.claim.id);
     setInterval(() => undefined, 1000);`,
  );
  const child = fork(script, [directory], { execArgv: [] });
  const [id] = (await once(child, 'message')) as [string];
  return { child, id, exit: once(child, 'exit') };
}

describe('whether a host runs', () => {
  it('is known while it is paused, and as soon as it is killed', async () => {
    const directory = join(folder, 'hosts');
    const claim = new HostClaim(directory);
    const { child, id, exit } = await claimElsewhere(directory);
    expect(claim.ended()).toEqual([]);
    child.kill('SIGSTOP');
    expect(claim.ended()).toEqual([]);
    claim.forget(id);
    child.kill('SIGKILL');
    await exit;
    expect(claim.ended()).toEqual([id]);
    claim.forget(id);
    expect(claim.ended()).toEqual([]);
    expect(existsSync(join(directory, `${id}.lock`))).toBe(false);
    claim.release();
  });
});

describe('outcomes put aside', () => {
  it('are there in order, without lines that a crash or a full disk tore', async () => {
    const path = join(folder, 'spool.jsonl');
    expect(readSpool(path)).toEqual([]);
    const spool = new FileSpool(path);
    await Promise.all([spool.append(endingOf('a')), spool.append(endingOf('b'))]);
    appendFileSync(path, '{"opening":{"experi');
    await spool.append(endingOf('c'));
    appendFileSync(path, '\nnull\n{"opening":1}\n');
    expect(readSpool(path)).toEqual([endingOf('a'), endingOf('b'), endingOf('c')]);
    await spool.clear();
    expect(readSpool(path)).toEqual([]);
    await spool.append(endingOf('d'));
    expect(readSpool(path)).toEqual([endingOf('d')]);
  });

  it('are refused with an error where there is no disk for them', async () => {
    const spool = new FileSpool(join(folder, 'nowhere', 'spool.jsonl'));
    await expect(spool.append(endingOf('a'))).rejects.toThrow(/ENOENT/);
  });
});
