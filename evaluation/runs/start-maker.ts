import { join } from 'node:path';
import type { StartSource } from '../arms/arms.js';
import { keyOf, type RunKey } from './run-record.js';
import {
  meanWeights,
  nearestPlan,
  type PlannedWeights,
  readPlan,
  withNoise,
  writeStart,
} from './starts.js';

export interface Start {
  readonly from: StartSource['from'];
  /** The arm or the training cases whose plans it is made of. */
  readonly of: string;
  readonly file: string;
  readonly sha256: string;
}

export interface TrainingPlan {
  readonly id: string;
  readonly plan: PlannedWeights;
}

/** Writes the files that runs start from. */
export class StartMaker {
  readonly #folder: string;
  #training: readonly TrainingPlan[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  learn(training: readonly TrainingPlan[]): void {
    this.#training = training;
  }

  /** `best`: a plan of the same case, which also gives the grid. Undefined when there is no plan to start from. */
  make(
    key: RunKey,
    source: StartSource,
    best: { readonly arm: string; readonly resultFile: string } | undefined,
  ): Start | undefined {
    if (best === undefined || (source.from !== 'best' && this.#training.length === 0)) {
      return undefined;
    }
    const { of, weights } = this.#weights(key, source, best.arm, readPlan(best.resultFile));
    const file = join(this.#folder, key.arm, `${key.case}-${key.repeat}.json`);
    return { from: source.from, of, file, sha256: writeStart(weights, file) };
  }

  #weights(key: RunKey, source: StartSource, arm: string, own: PlannedWeights) {
    if (source.from === 'best') {
      return { of: arm, weights: withNoise(own.weights, source.noise, keyOf(key)) };
    }
    const plans = this.#training.map(({ plan }) => plan);
    if (source.from === 'mean') {
      return { of: `${plans.length} training cases`, weights: meanWeights(own, plans) };
    }
    const nearest = this.#training[nearestPlan(own, plans)];
    return { of: nearest?.id ?? '', weights: meanWeights(own, nearest ? [nearest.plan] : []) };
  }
}
