import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type StatusObject, status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { ERROR_CODES } from '../../src/domain/errors/error-codes.js';
import { FaultHost } from './fault-host.js';
import { planMessages } from './network/plan-messages.js';
import { endOf, RawClient } from './network/raw-client.js';
import type { FaultRow } from './summary.js';

export interface FuzzTask {
  readonly messages: number;
  readonly seed: number;
}

const ROUNDS = 3;
const STREAMS_AT_ONCE = 24;
/** Far beyond what any stream takes, on a machine that has others at work. */
const ENDED_WITHIN_MS = 60_000;
const SETTLED_MS = 1500;
/** Of memory in the last round over the one before, beside a few MB that a heap may keep. */
const MOST_GROWTH = 1.2;
const SLACK_MB = 32;
/** Opened, refused, broken, closed, and roles that were switched off: of a stream, never of a message. */
const MOST_LINES_A_STREAM = 8;
const LONGEST_LINE = 16_384;

const ROLES = `  initialization: { plugin: uniform, deadline_ms: 5000 }
  histogram-sigma: { plugin: structure-rules, deadline_ms: 5000 }
  pyramid-sigma: { plugin: fixed-schedule, deadline_ms: 5000 }
  adaptive-variance: { plugin: level-default, deadline_ms: 5000 }
  step-direction: { plugin: lbfgs, deadline_ms: 5000 }
  early-stopping: { plugin: plateau, deadline_ms: 5000 }
`;

type Mutation = (messages: readonly Buffer[]) => readonly Buffer[];
type Place = readonly [message: number, byte: number, value: number];

const at = <T>(items: readonly T[], place: number): T => items[place % items.length] as T;

function changed(messages: readonly Buffer[], place: number, change: (bytes: Buffer) => Buffer) {
  const index = place % messages.length;
  return messages.map((bytes, i) => (i === index ? change(Buffer.from(bytes)) : bytes));
}

/** What is done to a plan, by name; each has a place and a value. */
const MUTATIONS: Readonly<Record<string, (place: Place) => Mutation>> = {
  bit:
    ([message, byte, value]) =>
    (messages) =>
      changed(messages, message, (bytes) => {
        const place = byte % Math.max(1, bytes.length);
        if (bytes.length > 0) bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << (value % 8)), place);
        return bytes;
      }),
  byte:
    ([message, byte, value]) =>
    (messages) =>
      changed(messages, message, (bytes) => {
        if (bytes.length > 0) bytes[byte % bytes.length] = value & 0xff;
        return bytes;
      }),
  cut:
    ([message, byte]) =>
    (messages) =>
      changed(messages, message, (bytes) => bytes.subarray(0, byte % (bytes.length + 1))),
  splice:
    ([message, byte, value]) =>
    (messages) =>
      changed(messages, message, (bytes) =>
        Buffer.concat([bytes.subarray(0, byte % (bytes.length + 1)), at(messages, value)]),
      ),
  number:
    ([message, byte, value]) =>
    (messages) =>
      changed(messages, message, (bytes) => {
        const odd = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308, 5e-324, -0];
        if (bytes.length >= 8) bytes.writeDoubleLE(at(odd, value), byte % (bytes.length - 7));
        return bytes;
      }),
  varint:
    ([message, byte]) =>
    (messages) =>
      changed(messages, message, (bytes) => {
        const place = byte % (bytes.length + 1);
        const huge = Buffer.from('ffffffffffffffffff01', 'hex');
        return Buffer.concat([bytes.subarray(0, place), huge, bytes.subarray(place)]);
      }),
  repeated:
    ([message, , value]) =>
    (messages) =>
      changed(messages, message, (bytes) => Buffer.concat(Array(1 + (value % 40)).fill(bytes))),
  dropped:
    ([message]) =>
    (messages) =>
      messages.filter((_, i) => i !== message % messages.length),
  doubled:
    ([message]) =>
    (messages) =>
      messages.flatMap((bytes, i) => (i === message % messages.length ? [bytes, bytes] : [bytes])),
  swapped:
    ([message, byte]) =>
    (messages) => {
      const order = [...messages];
      const [a, b] = [message % order.length, byte % order.length];
      [order[a], order[b]] = [at(messages, b), at(messages, a)];
      return order;
    },
  junk:
    ([message, byte, value]) =>
    (messages) =>
      changed(messages, message, () => Buffer.alloc(byte % 512, value & 0xff)),
};

const sequences = fc.array(
  fc.tuple(
    fc.constantFrom(...Object.keys(MUTATIONS)),
    fc.tuple(fc.nat(63), fc.nat(4095), fc.nat(255)),
  ),
  { minLength: 1, maxLength: 5 },
);

function mutated(
  plan: readonly Buffer[],
  steps: readonly (readonly [string, Place])[],
): readonly Buffer[] {
  return steps.reduce<readonly Buffer[]>((messages, [name, place]) => {
    if (messages.length === 0) return messages;
    return MUTATIONS[name]?.(place)(messages) ?? messages;
  }, plan);
}

/** What is wrong with an end; undefined for one that is documented. */
function problemOf(end: StatusObject | undefined): string | undefined {
  if (end === undefined) return 'did not end';
  if (end.code === status.OK) return undefined;
  const code = String(end.metadata.get('dh-error-code')[0] ?? '');
  if (code in ERROR_CODES && code !== 'internal') return undefined;
  return `ended with ${status[end.code]} ${code || 'and no code'}: ${end.details.slice(0, 120)}`;
}

interface Round {
  readonly streams: number;
  readonly messages: number;
  readonly problems: readonly string[];
}

async function playRound(address: string, messages: number, seed: number): Promise<Round> {
  const plan = planMessages();
  const clients = Array.from({ length: STREAMS_AT_ONCE }, () => new RawClient(address));
  const problems: string[] = [];
  let [sent, streams] = [0, 0];
  await Promise.all(
    clients.map(async (client, lane) => {
      for (let block = 0; sent < messages; block += 1) {
        const options = { seed: seed + lane * 7919 + block * 104_729, numRuns: 64 };
        for (const steps of fc.sample(sequences, options)) {
          if (sent >= messages) break;
          const call = client.open();
          call.on('data', () => undefined);
          const ended = endOf(call, ENDED_WITHIN_MS);
          for (const bytes of mutated(plan, steps)) {
            call.write(bytes);
            sent += 1;
          }
          call.end();
          streams += 1;
          const problem = problemOf(await ended);
          if (problem !== undefined) problems.push(`${JSON.stringify(steps)} ${problem}`);
        }
      }
    }),
  );
  for (const client of clients) client.close();
  return { streams, messages: sent, problems };
}

/** Mutated messages and sequences over a real socket: every end is documented, and nothing grows. */
export async function tryFuzz(
  folder: string,
  { messages, seed }: FuzzTask,
): Promise<readonly FaultRow[]> {
  mkdirSync(folder, { recursive: true });
  const server = 'resume_ttl_ms: 500, max_sessions: 64, max_sessions_per_client: 64';
  const host = await FaultHost.start(folder, { server, roles: ROLES });
  const problems: string[] = [];
  const usages: { readonly mb: number; readonly handles: number }[] = [];
  let [sent, streams] = [0, 0];
  for (let round = 0; round < ROUNDS && host.isThere; round += 1) {
    const played = await playRound(host.address, messages / ROUNDS, seed + round * 15_485_863);
    sent += played.messages;
    streams += played.streams;
    problems.push(...played.problems);
    await pause(SETTLED_MS);
    if (host.isThere) usages.push(host.usage());
  }
  if (!host.isThere) problems.unshift('the host has ended');
  const [before, after] = [usages.at(-2), usages.at(-1)];
  const hasGrown =
    before === undefined ||
    after === undefined ||
    after.mb > before.mb * MOST_GROWTH + SLACK_MB ||
    after.handles > before.handles + 8;
  const isLoud = host.lines > streams * MOST_LINES_A_STREAM || host.longestLine > LONGEST_LINE;
  await host.stop();
  const shown = usages.map(({ mb, handles }) => `${mb.toFixed(0)} MB, ${handles} handles`);
  return [
    {
      name: 'mutated messages and sequences: every end is documented',
      runs: sent,
      failures: problems.length,
      note: `${sent} messages in ${streams} streams, seed ${seed}${problems.length === 0 ? '' : `; first: ${problems[0]}`}`,
    },
    {
      name: 'mutated messages and sequences: memory, handles and log are bounded',
      runs: ROUNDS,
      failures: Number(hasGrown) + Number(isLoud),
      note: `after each round ${shown.join('; ')}; ${host.lines} lines of log, the longest of ${host.longestLine} letters`,
    },
  ];
}
