import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { hashFiles } from '../fingerprint.js';
import { RTMODEL } from '../programs.js';

export interface EvaluationCase {
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
  /** Options of `rtmodel optimize` of this case alone; they come after those of all. */
  readonly planOptions?: readonly string[];
}

export interface CaseList {
  readonly cases: readonly EvaluationCase[];
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[];
}

const PHANTOMS = [
  { kind: 'head-neck', seed: 1 },
  { kind: 'head-neck', seed: 2 },
  { kind: 'prostate', seed: 1 },
  { kind: 'c-shape', seed: 1 },
] as const;

/** What the phantoms are called, made or not. */
export const PHANTOM_IDS: readonly string[] = PHANTOMS.map(({ kind, seed }) => `${kind}-${seed}`);

/** Makes the phantoms that are not there yet; returns the folder that holds them. */
export async function makePhantoms(folder: string): Promise<string> {
  for (const { kind, seed } of PHANTOMS) {
    const path = join(folder, `${kind}-${seed}`);
    if (existsSync(join(path, 'case.json'))) continue;
    await execa(RTMODEL, ['phantom', `--kind=${kind}`, `--seed=${seed}`, path]);
  }
  return folder;
}

function isPlannable(path: string): boolean {
  try {
    const description = JSON.parse(readFileSync(join(path, 'case.json'), 'utf8')) as {
      quality?: { plannable?: boolean };
    };
    return description.quality?.plannable !== false;
  } catch {
    // A case that can't be read is planned, so that the optimizer names what is wrong with it.
    return true;
  }
}

/** The case folders of a directory, those that are not plannable left out by name. Throws when an id is not there. */
export function findCases(
  directory: string,
  ids?: readonly string[],
  limit = Number.POSITIVE_INFINITY,
): CaseList {
  const folders = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  const missing = (ids ?? []).filter((id) => !folders.includes(id));
  if (missing.length > 0) throw new Error(`${directory}: has no case ${missing.join(', ')}`);
  const asked = folders.filter((id) => ids === undefined || ids.includes(id));
  const plannable = asked.filter((id) => isPlannable(join(directory, id)));
  return {
    cases: plannable.slice(0, limit).map((id) => {
      const path = join(directory, id);
      return { id, path, sha256: hashFiles(path) };
    }),
    leftOut: asked
      .filter((id) => !plannable.includes(id))
      .map((id) => ({ id, reason: 'quality.plannable is false' })),
  };
}
