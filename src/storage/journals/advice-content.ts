import { createHash, type Hash } from 'node:crypto';
import type { Advice } from '../../domain/advice/advice.js';
import { cutText } from '../../domain/cut-text.js';
import type {
  AdviceByRole,
  EarlyStoppingAdvice,
  ReadonlyVector,
  Role,
} from '../../plugin-sdk/index.js';

/** What a piece of advice says: in words and small numbers, and in figures that differ with each iteration or are long. */
export interface AdviceContent {
  /** Equal in all of a run. */
  readonly said: Readonly<Record<string, unknown>>;
  /** Goes into the hash of a run. */
  readonly figures: readonly (number | ReadonlyVector)[];
}

const NOTHING: AdviceContent = { said: {}, figures: [] };

/** A stop is a decision of its own, with its words; that it goes on is said at each iteration, with figures that differ. */
function stoppingContent(value: EarlyStoppingAdvice): AdviceContent {
  const { decision, explanation, predictedFinalObjective, predictedStandardDeviation } = value;
  const figures = [predictedFinalObjective, predictedStandardDeviation].filter(
    (figure) => figure !== undefined,
  );
  if (decision === 'continue') return { said: { decision }, figures };
  return { said: { decision, explanation: cutText(explanation ?? '') }, figures };
}

const contents: { readonly [R in Role]: (value: AdviceByRole[R]) => AdviceContent } = {
  initialization: ({ weights }) => ({ said: {}, figures: [weights] }),
  'histogram-sigma': ({ structures }) => ({
    said: {
      structures: structures.map(({ structure, histogramSigmaGy }) => ({
        structure,
        histogram_sigma_gy: histogramSigmaGy,
      })),
    },
    figures: [],
  }),
  'pyramid-sigma': ({ stages }) => ({
    said: {
      stages: stages.map(({ level, histogramSigmaGy, iterationLimit }) => ({
        level,
        histogram_sigma_gy: histogramSigmaGy,
        iteration_limit: iterationLimit,
      })),
    },
    figures: [],
  }),
  'adaptive-variance': ({ varianceGy2 }) => ({ said: {}, figures: [varianceGy2] }),
  'step-direction': ({ space, direction, stepLength }) => ({
    said: { space },
    figures: stepLength === undefined ? [direction] : [direction, stepLength],
  }),
  'early-stopping': stoppingContent,
};

export function contentOf<R extends Role>({ role, value }: Advice<R>): AdviceContent {
  // The role says of what kind the value is, which the compiler cannot follow through a table.
  return value === undefined ? NOTHING : (contents[role] as (v: unknown) => AdviceContent)(value);
}

/** Single figures are gathered: hashing each costs more than all of them together. */
const GATHERED = 64;

/** SHA-256 over figures in their order, each as 64 bits, little-endian. */
export class FiguresHash {
  #hash: Hash | undefined;
  readonly #gathered = new Float64Array(GATHERED);
  #count = 0;

  add(figures: AdviceContent['figures']): void {
    for (const figure of figures) {
      if (typeof figure === 'number') this.#gather(figure);
      else {
        this.#flush();
        this.#update(figure instanceof Float64Array ? figure : Float64Array.from(figure));
      }
    }
  }

  /** Hexadecimal; undefined when there was no figure. */
  digest(): string | undefined {
    this.#flush();
    return this.#hash?.digest('hex');
  }

  #gather(figure: number): void {
    this.#gathered[this.#count] = figure;
    this.#count += 1;
    if (this.#count === GATHERED) this.#flush();
  }

  #flush(): void {
    if (this.#count === 0) return;
    this.#update(this.#gathered.subarray(0, this.#count));
    this.#count = 0;
  }

  #update({ buffer, byteOffset, byteLength }: Float64Array): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
}
