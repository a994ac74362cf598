import { describe, expect, it } from 'vitest';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { defineExperiment } from './define-experiment.js';
import { experimentSchema, experimentsSchema } from './experiment-schema.js';

/** The shortest definition as it is written, with changes. */
const written = (changes: object = {}) => ({
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

function faultsOf(...experiments: readonly object[]): readonly string[] {
  const parsed = experimentsSchema.safeParse(experiments);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => {
        const keys = issue.code === 'unrecognized_keys' ? `.${issue.keys.join()}` : '';
        return `${issue.path.join('.')}${keys}: ${issue.message}`;
      });
}

describe('a definition', () => {
  it('needs little and fills in the rest', () => {
    // What tests of other rooms take for an experiment is what a configuration makes of it.
    const experiment = defineExperiment(experimentSchema.parse(written()));
    expect(experiment).toStrictEqual(testExperiment());
  });

  it.each<[string, object, RegExp]>([
    [
      'weight 0',
      { arms: [{ id: 'old', weight: 0 }, written().arms[1]] },
      /^0\.arms\.0\.weight: must be at least 1/,
    ],
    [
      'a weight that is no whole number',
      { arms: [{ id: 'old', weight: 0.5 }, written().arms[1]] },
      /^0\.arms\.0\.weight: must be a whole number/,
    ],
    ['one arm', { arms: [{ id: 'old', weight: 1 }] }, /^0\.arms: must have at least two arms/],
    [
      'two arms of one id',
      {
        arms: [
          { id: 'old', weight: 1 },
          { id: 'old', weight: 1 },
        ],
      },
      /^0\.arms\.1\.id: is the id of an arm/,
    ],
    ['a control that is no arm', { control: 'older' }, /^0\.control: is not one of the arms: old/],
    [
      'an unknown role',
      { arms: [written().arms[0], { id: 'new', weight: 1, roles: { 'late-stopping': {} } }] },
      /^0\.arms\.1\.roles\.late-stopping: /,
    ],
    [
      'a model without version',
      {
        arms: [
          written().arms[0],
          { id: 'new', weight: 1, roles: { initialization: { model: 'warm-start' } } },
        ],
      },
      /^0\.arms\.1\.roles\.initialization\.model: must be NAME@VERSION/,
    ],
    [
      'a shadow arm with a weight',
      { shadow_arms: [{ id: 'ghost', weight: 1, roles: { initialization: { plugin: 'off' } } }] },
      /^0\.shadow_arms\.0\.weight: is not allowed: a shadow arm serves no plan/,
    ],
    [
      'a shadow arm like the control',
      { shadow_arms: [{ id: 'ghost' }] },
      /^0\.shadow_arms\.0\.roles: must override a role/,
    ],
    [
      'a shadow arm with the id of an arm',
      { shadow_arms: [{ id: 'new', roles: { initialization: { plugin: 'off' } } }] },
      /^0\.shadow_arms\.0\.id: is the id of an arm/,
    ],
    ['a layer from its end', { layer: { from: 500, to: 400 } }, /^0\.layer\.from: must be below/],
    [
      'a difference without range',
      { primary: { metric: 'reference_objective', scale: 'difference' } },
      /^0\.primary\.range: must be there/,
    ],
    [
      'a range that descends',
      { primary: { metric: 'iterations', scale: 'difference', range: [5, 1] } },
      /^0\.primary\.range: must be two ascending/,
    ],
    [
      'a ratio with range',
      { primary: { metric: 'iterations', range: [1, 5] } },
      /^0\.primary\.range: is for differences/,
    ],
    [
      'no metric',
      { primary: { metric: 'Calls!' } },
      /^0\.primary\.metric: must be one of call_equivalents, iterations/,
    ],
    [
      'a feature that no plan has',
      { adjust: { features: ['beamlets', 'mood'] } },
      /^0\.adjust\.features\.1: Invalid option: expected one of "beamlets"/,
    ],
    [
      'the primary metric again',
      { secondary: [{ metric: 'call_equivalents' }] },
      /^0\.secondary\.0\.metric: is the primary/,
    ],
    [
      'a guardrail twice',
      {
        guardrails: [
          { metric: 'iterations', margin: 0.1 },
          { metric: 'iterations', margin: 0.2 },
        ],
      },
      /^0\.guardrails\.1\.metric: is a metric that is there already/,
    ],
    [
      'a ramp that goes down',
      { ramp: [{ percent: 50 }, { percent: 10 }] },
      /^0\.ramp\.1\.percent: must be above/,
    ],
    [
      'a limit below the first look',
      { stop: { max_plans: 10 } },
      /^0\.stop\.max_plans: must not be below start\.min_plans \(50\)/,
    ],
    ['a first look too early', { start: { min_plans: 5 } }, /^0\.start\.min_plans: .*at least 50/],
    ['a date that is none', { start: { not_before: 'soon' } }, /^0\.start\.not_before: /],
    ['an unknown key', { until: 'tomorrow' }, /^0\.until: /],
  ])('with %s is refused, and says where', (_, changes, expected) => {
    expect(faultsOf(written(changes))).toEqual([expect.stringMatching(expected)]);
  });

  it('has all its faults said at once', () => {
    const experiment = written({
      control: 'nobody',
      layer: { from: 900, to: 100 },
      ramp: [{ percent: 50 }, { percent: 50 }],
    });
    expect(faultsOf(experiment)).toHaveLength(3);
  });
});

describe('experiments together', () => {
  const other = (changes: object = {}) => written({ id: 'second', ...changes });

  it('may share a layer side by side', () => {
    const left = written({ layer: { to: 500 } });
    expect(faultsOf(left, other({ layer: { from: 500 } }))).toEqual([]);
  });

  it('may not overlap in a layer', () => {
    const left = written({ layer: { to: 600 } });
    expect(faultsOf(left, other({ layer: { from: 500 } }))).toEqual([
      '1.layer: overlaps 0 to 600 of "warm-start-2" in layer "default"',
    ]);
  });

  it('of a layer have one unit', () => {
    const left = written({ layer: { to: 500 } });
    expect(faultsOf(left, other({ unit: 'patient', layer: { from: 500 } }))).toEqual([
      expect.stringMatching(/^1\.unit: is not that of "warm-start-2"/),
    ]);
  });

  it('of two layers may not override the same role', () => {
    expect(faultsOf(written(), other({ layer: { name: 'other' } }))).toEqual([
      expect.stringMatching(/^1\.layer: overrides initialization, and so does "warm-start-2"/),
    ]);
  });

  it('have ids of their own, ended ones, too', () => {
    expect(faultsOf(written({ state: 'ended' }), written())).toEqual([
      expect.stringMatching(/^1\.id: is the id of an experiment/),
    ]);
  });

  it('that have ended are in nobody’s way', () => {
    expect(faultsOf(written({ state: 'ended' }), other())).toEqual([]);
  });
});

describe('a promotion', () => {
  const promoting = (roles: object) =>
    experimentSchema.safeParse(
      written({
        promote: { label: 'stable' },
        arms: [
          { id: 'old', weight: 1 },
          { id: 'new', weight: 1, roles },
        ],
      }),
    );
  const faults = (roles: object) =>
    promoting(roles).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

  it('carries over versions of models', () => {
    const defined = promoting({ initialization: { model: 'warm-start@2.1' } });
    expect(defined.data?.promote).toEqual({ label: 'stable' });
  });

  it('cannot carry over labels, plugins alone or settings', () => {
    expect(faults({ initialization: { model: 'warm-start@canary' } })).toEqual([
      expect.stringMatching(/^arms\.1\.roles\.initialization\.model must name a version/),
    ]);
    expect(faults({ initialization: { plugin: 'uniform' } })).toHaveLength(1);
    expect(faults({ initialization: { model: 'warm-start@2', settings: { model: 'x' } } })).toEqual(
      [expect.stringMatching(/settings must be empty/)],
    );
  });
});
