// The optimizer of benchmarks: a C++ client that asks iteration questions one after the other.
import { join } from 'node:path';
import { execa } from 'execa';

export interface RoundTrips {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly messages: number;
  readonly answersPerS: number;
}

export interface Questions {
  readonly address: string;
  /** For each stream, beside those that warm up. */
  readonly messages: number;
  /** Numbers that go along with each question (0). */
  readonly doubles?: number;
  /** How many plans ask at once (1). */
  readonly streams?: number;
}

/** Questions of each stream that the client does not count. */
export const WARM_UP = 300;

/** @param build Folder of the C++ build, such as `build/cpp`. */
export async function roundTrips(
  build: string,
  { address, messages, doubles = 0, streams = 1 }: Questions,
): Promise<RoundTrips> {
  const { stdout } = await execa(join(build, 'bench/rtt_client'), [
    `--address=${address}`,
    `--messages=${messages}`,
    `--doubles=${doubles}`,
    `--streams=${streams}`,
  ]);
  return JSON.parse(stdout);
}
