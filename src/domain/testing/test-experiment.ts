import { defineExperiment } from '../define-experiment.js';
import { experimentSchema } from '../experiment-schema.js';
import type { Experiment } from '../experiments.js';

/** Two arms, `old` (control) and `new`, half of the plans each. */
export function testExperiment(changes: Partial<Experiment> = {}): Experiment {
  const raw = experimentSchema.parse({
    id: 'warm-start-2',
    unit: 'plan',
    arms: [
      { id: 'old', weight: 1 },
      { id: 'new', weight: 1, roles: { initialization: { model: 'warm-start@2' } } },
    ],
    control: 'old',
    primary: { metric: 'call_equivalents' },
  });
  return { ...defineExperiment(raw), ...changes };
}
