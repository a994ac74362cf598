import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { mkdirSync } from 'node:fs';

import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import { FaultHost } from './fault-host.js';
import { planMessages } from './network/plan-messages.js';
import { endOf, RawClient } from './network/raw-client.js';
import type { FaultRow } from './summary.js';

export interface LoadTask {
  readonly plans: number;
  readonly seconds: number;
  readonly soakSeconds: number;
  readonly idle: number;
}

/** Median of a stream over the slowest. */
const MOST_SPREAD = 3;
const MOST_MB = 700;
const LIMIT_EXTRA = 16;
const SOAK_PLANS = 16;
/** Memory and handles in the last third of a soak over the second. */
const MOST_SOAK_GROWTH = 1.15;
const SOAK_SLACK_MB = 16;
const SILENT_READERS = 32;
/** What others may cost a plan in its p99, and beside it what a busy machine does to any. */
const MOST_RATIO = 3;
const NOISE_MS = 100;

interface Loop {
  readonly answered: readonly number[];
  readonly ends: readonly (readonly [string, number])[];
  readonly timesMs: readonly number[];
}

/** Starts plans that ask as soon as they are answered. */
class ClosedLoop {
  readonly #child: ChildProcess;
  readonly result: Promise<Loop>;
  readonly open: Promise<void>;

  constructor(address: string, plans: number, ms: number) {
    this.#child = fork(fileURLToPath(new URL('network/closed-loop.js', import.meta.url)));
    this.open = this.#opened(plans);
    this.result = this.#heard();
    this.#child.send({ address, plans, ms });
  }

  async #opened(plans: number): Promise<void> {
    let opened = 0;
    for await (const [message] of on(this.#child, 'message')) {
      if ('isOpen' in (message as object)) opened += 1;
      if (opened === plans || 'answered' in (message as object)) return;
    }
  }

  async #heard(): Promise<Loop> {
    for await (const [message] of on(this.#child, 'message')) {
      if ('answered' in (message as object)) return message as Loop;
    }
    throw new Error('the plans have ended');
  }
}

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const quantile = (values: readonly number[], share: number) =>
  sorted(values)[Math.floor(share * (values.length - 1))] ?? Number.NaN;

async function startHost(folder: string, plans: number): Promise<FaultHost> {
  mkdirSync(folder, { recursive: true });
  const server = `max_sessions: ${plans}, max_sessions_per_client: ${plans}, first_message_ms: 3000`;
  return FaultHost.start(folder, { server });
}

/** Many plans at once, and more than there may be. */
async function tryMany(folder: string, { plans, seconds }: LoadTask): Promise<readonly FaultRow[]> {
  const host = await startHost(folder, plans);
  const loop = new ClosedLoop(host.address, plans, seconds * 1000);
  await loop.open;
  const client = new RawClient(host.address);
  const [start = Buffer.alloc(0)] = planMessages();
  const extra = await Promise.all(
    Array.from({ length: LIMIT_EXTRA }, async () => {
      const call = client.open();
      call.on('data', () => undefined);
      const ended = endOf(call, 60_000);
      call.write(start);
      return ended;
    }),
  );
  const { answered, ends, timesMs } = await loop.result;
  const usage = host.usage();
  client.close();
  await host.stop();
  const slowest = Math.min(...answered);
  const spread = quantile(answered, 0.5) / slowest;
  const refused = extra.filter((end) => end?.code === status.RESOURCE_EXHAUSTED).length;
  const ok = ends.find(([end]) => end === '0')?.[1] ?? 0;
  const failures = Number(!(spread <= MOST_SPREAD)) + Number(usage.mb > MOST_MB) + (plans - ok);
  return [
    {
      name: `load: ${plans} plans at once`,
      runs: plans,
      failures,
      note: `median stream ${quantile(answered, 0.5)} iterations in ${seconds} s, ${spread.toFixed(2)} times the slowest (at most ${MOST_SPREAD}); answers p50 ${quantile(timesMs, 0.5).toFixed(0)} ms, p99 ${quantile(timesMs, 0.99).toFixed(0)} ms; ${usage.mb.toFixed(0)} MB, ${usage.handles} handles; ended ${JSON.stringify(ends)}`,
    },
    {
      name: 'load: what is beyond the limit is refused, and open plans go on',
      runs: LIMIT_EXTRA,
      failures: LIMIT_EXTRA - refused + (plans - ok),
      note: `${refused} of ${LIMIT_EXTRA} refused with RESOURCE_EXHAUSTED`,
    },
  ];
}

/** Streams that say nothing, and clients that never read, beside one plan that is measured. */
async function tryBystanders(folder: string, { idle, seconds }: LoadTask): Promise<FaultRow> {
  const host = await startHost(folder, 64);
  const alone = await new ClosedLoop(host.address, 4, seconds * 500).result;
  const before = host.usage();
  const clients = Array.from({ length: 8 }, () => new RawClient(host.address));
  const ended = Array.from({ length: idle }, (_, n) => {
    const call = (clients[n % clients.length] as RawClient).open();
    call.on('data', () => undefined);
    return endOf(call, 120_000);
  });
  // They never read what they are told.
  const silent = Array.from({ length: SILENT_READERS }, () => new RawClient(host.address));
  for (const client of silent) client.open().pause();
  const beside = await new ClosedLoop(host.address, 4, seconds * 500).result;
  const ends = await Promise.all(ended);
  for (const client of [...clients, ...silent]) client.close();
  await pause(1000);
  const after = host.usage();
  await host.stop();
  const open = ends.filter((end) => end === undefined).length;
  const [p99Alone, p99Beside] = [alone, beside].map(({ timesMs }) => quantile(timesMs, 0.99)) as [
    number,
    number,
  ];
  const isSlow = p99Beside > p99Alone * MOST_RATIO + NOISE_MS;
  const isFull = after.mb > before.mb + 200 || after.handles > before.handles + 16;
  const lost = beside.ends.filter(([end]) => end !== '0').reduce((sum, [, n]) => sum + n, 0);
  return {
    name: `load: ${idle} streams that say nothing and ${SILENT_READERS} that never read cost only themselves`,
    runs: idle + SILENT_READERS,
    failures: open + lost + Number(isSlow) + Number(isFull),
    note: `p99 of 4 plans ${p99Alone.toFixed(0)} ms alone, ${p99Beside.toFixed(0)} ms beside them; ${open} never ended; ${before.mb.toFixed(0)} to ${after.mb.toFixed(0)} MB, ${before.handles} to ${after.handles} handles`,
  };
}

/** Plan after plan: memory and handles stay. */
async function trySoak(folder: string, { soakSeconds }: LoadTask): Promise<FaultRow> {
  const host = await startHost(folder, 64);
  const samples: { readonly mb: number; readonly handles: number }[] = [];
  const untilMs = performance.now() + soakSeconds * 1000;
  let [finished, iterations, lost] = [0, 0, 0];
  while (performance.now() < untilMs) {
    const left = Math.min(5000, (soakSeconds * 1000) / 9);
    const { answered, ends } = await new ClosedLoop(host.address, SOAK_PLANS, left).result;
    iterations += answered.reduce((sum, count) => sum + count, 0);
    for (const [end, count] of ends) {
      if (end === '0') finished += count;
      else lost += count;
    }
    samples.push(host.usage());
  }
  await host.stop();
  const third = Math.floor(samples.length / 3);
  const mean = (of: 'mb' | 'handles', from: number, to: number) =>
    samples.slice(from, to).reduce((sum, sample) => sum + sample[of], 0) / Math.max(1, to - from);
  const [second, last] = [
    mean('mb', third, 2 * third),
    mean('mb', samples.length - third, samples.length),
  ];
  const handles = [samples[0]?.handles ?? 0, samples.at(-1)?.handles ?? 0] as const;
  const isFlat =
    third === 0 ||
    (last <= second * MOST_SOAK_GROWTH + SOAK_SLACK_MB && handles[1] <= handles[0] + 8);
  return {
    name: `load: ${soakSeconds} s of plan after plan, memory and handles stay`,
    runs: finished + lost,
    failures: lost + Number(!isFlat),
    note: `${finished} plans, ${iterations} iterations; ${third === 0 ? 'too short to compare thirds' : `second third ${second.toFixed(0)} MB, last ${last.toFixed(0)} MB`}; handles ${handles.join(' to ')}`,
  };
}

export async function tryLoad(folder: string, task: LoadTask): Promise<readonly FaultRow[]> {
  return [
    ...(await tryMany(`${folder}/many`, task)),
    await tryBystanders(`${folder}/bystanders`, task),
    await trySoak(`${folder}/soak`, task),
  ];
}
