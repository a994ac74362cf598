import type { CurvePart } from '../../../src/http/live/curve.js';

/** A curve as it was received so far. */
export class PlanCurve {
  epoch = -1;
  /** Iterations of the plan and the objective after each, side by side. */
  iterations: number[] = [];
  objectives: (number | null)[] = [];

  take({ epoch, from, iterations, objectives }: CurvePart): void {
    this.epoch = epoch;
    this.iterations.length = Math.min(from, this.iterations.length);
    this.objectives.length = this.iterations.length;
    this.iterations.push(...iterations);
    this.objectives.push(...objectives);
  }
}
