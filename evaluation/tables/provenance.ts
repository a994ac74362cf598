import type { EvaluationOptions } from '../evaluation-options.js';
import type { RunsMade } from '../runs/make-runs.js';

/** What a summary says beside the figures of the arms. */
export function provenance(options: EvaluationOptions, runs: RunsMade) {
  const { cases, leftOut, planOptions, repeats, timingRepeats, jobs } = options;
  const [first] = runs.records;
  return {
    cases: cases.map(({ id }) => id),
    leftOut,
    withoutReference: cases
      .map(({ id }) => id)
      .filter(
        (id) =>
          !runs.records.some((record) => record.arm === options.reference && record.case === id),
      ),
    planOptions,
    repeats,
    timingRepeats,
    jobs,
    programs: first?.programs ?? {},
    unavailable: runs.unavailable,
    failures: runs.failures,
  };
}

export type Provenance = ReturnType<typeof provenance>;
