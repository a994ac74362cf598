import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { RTMODEL } from '../../../evaluation/programs.js';

/** A plan that takes longer hangs. */
const PLAN_WITHIN_MS = 240_000;

export interface Result {
  readonly final_weights: readonly number[];
  readonly advice: {
    readonly session_id: string;
    readonly roles: readonly { readonly accepted: number }[];
    readonly session?: { readonly resumptions: number };
    readonly provenance: {
      readonly arm: string;
      readonly resumptions: number;
      readonly journal_sha256: string;
    } | null;
  };
}

export interface Played {
  readonly kind: string;
  readonly mode: string;
  readonly weights: readonly number[] | undefined;
  readonly problem: string | undefined;
  readonly advice: Result['advice'] | undefined;
  /** By `performance.now`, when the optimizer had ended. */
  readonly endedMs: number;
  /** Bits were flipped on the way while it ran. */
  readonly wasFlipped: boolean;
}

/** One of the ways in which a plan is made; the baseline is the same without an advisor. */
export interface Kind {
  readonly name: string;
  readonly path: string;
  readonly options: readonly string[];
}

/** @throws when the optimizer ends with an error, or takes too long. */
export async function optimize(kind: Kind, more: readonly string[], out: string): Promise<Result> {
  const args = ['optimize', kind.path, ...kind.options, ...more, '--threads=1', '--quiet'];
  await execa(RTMODEL, [...args, `--out=${out}`], {
    timeout: PLAN_WITHIN_MS,
    env: { OMP_WAIT_POLICY: 'passive' },
  });
  return JSON.parse(readFileSync(out, 'utf8')) as Result;
}

/** Phantoms and solvers, small ones where it has to be quick. */
export async function makeKinds(folder: string, isShort: boolean): Promise<readonly Kind[]> {
  const size = isShort
    ? ['--beamlet-mm=12', '--max-iterations=60']
    : ['--beamlet-mm=8', '--max-iterations=100'];
  const kinds: Kind[] = [];
  for (const phantom of ['c-shape', 'head-neck']) {
    const path = join(folder, phantom);
    await execa(RTMODEL, ['phantom', `--kind=${phantom}`, '--seed=3', path]);
    for (const solver of ['dh', 'lbfgs']) {
      kinds.push({ name: `${phantom} ${solver}`, path, options: [`--solver=${solver}`, ...size] });
    }
  }
  return kinds;
}
