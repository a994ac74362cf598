import { defineExperiment } from '../define-experiment.js';
import { experimentSchema } from '../experiment-schema.js';
import type { Experiment } from '../experiments/experiments.js';

/** The shortest definition as it is written, with changes. */
export const written = (changes: object = {}) => ({
  id: 'warm-start-2',
  unit: 'plan',
  arms: [
    { id: 'old', weight: 1 },
    { id: 'new', weight: 1, roles: { initialization: { model: 'warm-start@2' } } },
  ],
  control: 'old',
  primary: { metric: 'call_equivalents' },
  ...changes,
});

/** Two arms, `old` (control) and `new`, half of the plans each. */
export function testExperiment(changes: Partial<Experiment> = {}): Experiment {
  return { ...defineExperiment(experimentSchema.parse(written())), ...changes };
}
