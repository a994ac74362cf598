import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import pLimit from 'p-limit';
import { RTMODEL } from '../programs.js';

const KINDS = ['head-neck', 'prostate', 'c-shape'] as const;
const BEAMS = [9, 7, 11] as const;
/** Far from the seeds that training draws, whose phantoms the old model has seen. */
const FIRST_SEED = 5001;

/** A plan that is to be made. */
export interface TrialPlan {
  readonly key: string;
  readonly path: string;
  readonly options: readonly string[];
}

/** Makes the phantoms that are not there yet: kinds in turn, a seed each; numbers of beams change every third. */
export async function makePlans(folder: string, count: number): Promise<readonly TrialPlan[]> {
  const limit = pLimit(2);
  return Promise.all(
    Array.from({ length: count }, (_, n) =>
      limit(async () => {
        const kind = KINDS[n % KINDS.length];
        const beams = BEAMS[Math.floor(n / KINDS.length) % BEAMS.length];
        const key = `${kind}-${FIRST_SEED + n}`;
        const path = join(folder, key);
        if (!existsSync(join(path, 'case.json'))) {
          await execa(RTMODEL, ['phantom', `--kind=${kind}`, `--seed=${FIRST_SEED + n}`, path]);
        }
        return { key, path, options: [`--beams=${beams}`] };
      }),
    ),
  );
}
