import type { CaseList } from './runs/cases.js';
import type { RunsWanted } from './runs/make-runs.js';

export interface EvaluationOptions extends RunsWanted, CaseList {
  readonly reference: string;
  readonly isFresh: boolean;
}
