import { randomLcg } from 'd3-random';

/** Of a plan that nobody has timed yet, ms. */
const FIRST_GUESS_MS = 800;

export interface Kill {
  /** From the begin of its plan. */
  readonly afterMs: number;
  /** How often it came too late. */
  readonly misses: number;
}

/**
 * Which plans are hit, and when: drawn once from a seed. A kill that came too late, because its plan had ended, is left to the next
 * plan and comes sooner there.
 */
export class Kills {
  readonly #random: () => number;
  readonly #due: { readonly plan: number; readonly misses: number }[];
  #expectedMs = FIRST_GUESS_MS;

  /** `count` kills among the first nine tenths of `plans` plans. */
  constructor(seed: number, count: number, plans: number) {
    this.#random = randomLcg(seed);
    const last = Math.max(1, Math.floor(0.9 * plans));
    const drawn = Array.from({ length: count }, () => Math.floor(this.#random() * last));
    this.#due = drawn.toSorted((a, b) => a - b).map((plan) => ({ plan, misses: 0 }));
  }

  get left(): number {
    return this.#due.length;
  }

  /** The kill that hits this plan; undefined: it is left alone. */
  hit(plan: number): Kill | undefined {
    const [next] = this.#due;
    if (next === undefined || next.plan > plan) return undefined;
    this.#due.shift();
    const { misses } = next;
    return { afterMs: (this.#random() * this.#expectedMs) / 2 ** misses, misses };
  }

  missed({ misses }: Kill): void {
    this.#due.unshift({ plan: 0, misses: misses + 1 });
  }

  /** So long plans take here. */
  took(ms: number): void {
    this.#expectedMs += (ms - this.#expectedMs) / 8;
  }
}

export const noKills = (): Kills => new Kills(0, 0, 1);
