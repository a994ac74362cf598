import type { Experiment } from '../experiments/experiments.js';

/** Two arms, `old` (control) and `new`, half of the plans each; the rest as a configuration has it that does not say it. */
export function testExperiment(changes: Partial<Experiment> = {}): Experiment {
  return {
    id: 'warm-start-2',
    state: 'running',
    unit: 'plan',
    salt: 'warm-start-2',
    layer: { name: 'default', from: 0, to: 1000 },
    arms: [
      { id: 'old', weight: 1, roles: {} },
      {
        id: 'new',
        weight: 1,
        roles: { initialization: { plugin: undefined, model: 'warm-start@2', settings: {} } },
      },
    ],
    control: 'old',
    shadowArms: [],
    primary: { name: 'call_equivalents', direction: 'lower', scale: 'ratio', range: undefined },
    secondary: [],
    nonInferiority: [],
    guardrails: [],
    adjust: { beamletStrata: [], features: [] },
    alpha: 0.05,
    plannedPlans: 400,
    ramp: [],
    start: { notBefore: undefined, minPlans: 50 },
    stop: { maxPlans: undefined, whenDecided: true },
    promote: undefined,
    ...changes,
  };
}
