import { expect, it } from 'vitest';
import { fakePlan } from '../../plugin-sdk/testing/index.js';
import { HostError } from '../errors/host-error.js';
import type { PlanOpening } from './plan-opening.js';
import { validateOpening } from './validate-plan.js';

const plan = fakePlan();
const [structure] = plan.structures as [(typeof plan.structures)[0]];
const [finest, coarse] = plan.levels as [(typeof plan.levels)[0], (typeof plan.levels)[0]];
const limits = { maxBeamlets: 8, maxStructures: 2, failedSelfChecks: 'refuse' } as const;

function opening(overrides: Partial<PlanOpening> = {}): PlanOpening {
  return {
    protocol: { major: 1, minor: 7 },
    client: 'test',
    planKey: 'plan',
    patientKey: '',
    label: '',
    adviceMode: 'advise',
    mayRecord: false,
    resumeToken: '',
    traceParent: '',
    failedSelfChecks: [],
    plan,
    ...overrides,
  };
}

function messageOf(overrides: Partial<PlanOpening>): string {
  try {
    validateOpening(opening(overrides), limits);
    return '';
  } catch (thrown) {
    if (!HostError.is(thrown)) throw thrown;
    return `${thrown.code}: ${thrown.message}`;
  }
}

it('accepts a sound opening and a newer minor version', () => {
  expect(messageOf({})).toBe('');
});

it('refuses a plan whose client says that its own check failed, unless it is let pass', () => {
  const failedSelfChecks = [{ field: 'beams[2].gantry_deg', finding: 'it looks turned by 90' }];
  expect(messageOf({ failedSelfChecks })).toMatch(
    /^self-check-failed: .*`beams\[2\]\.gantry_deg`: it looks turned by 90\..*failed_self_checks: warn/,
  );
  const letPass = { ...limits, failedSelfChecks: 'warn' } as const;
  expect(() => validateOpening(opening({ failedSelfChecks }), letPass)).not.toThrow();
});

it.each<[string, RegExp, Partial<PlanOpening>]>([
  ['another major', /^protocol-major: .*2\.0.*1\.0/, { protocol: { major: 2, minor: 0 } }],
  ['no plan key', /start\.plan_key/, { planKey: '' }],
  ['a label beyond its length', /start\.label.*65.*at most 64/, { label: 'x'.repeat(65) }],
  ['a label that acts on a terminal', /start\.label.*control/, { label: 'a\u001b[2Jb' }],
  ['a label that turns a line', /start\.label.*control/, { label: 'a\u202eb' }],
  ['a NaN ceiling', /start\.weight_ceiling/, { plan: { ...plan, weightCeiling: Number.NaN } }],
  ['no levels', /start\.levels/, { plan: { ...plan, levels: [] } }],
  [
    'levels from coarse to fine',
    /levels\[0\]\.level/,
    { plan: { ...plan, levels: [coarse, finest] } },
  ],
  [
    'too many beamlets',
    /^limit-exceeded: .*9.*limit of 8.*server\.max_beamlets/,
    { plan: { ...plan, levels: [{ ...finest, beamletCount: 9 }] } },
  ],
  [
    'too many structures',
    /^limit-exceeded: .*server\.max_structures/,
    { plan: { ...plan, structures: [1, 2, 3].map((k) => ({ ...structure, name: `s${k}` })) } },
  ],
  [
    'a repeated name',
    /structures\[1\]\.name/,
    { plan: { ...plan, structures: [structure, structure] } },
  ],
  [
    'a falling prescription',
    /prescription\[1\]\.dose_gy/,
    {
      plan: {
        ...plan,
        structures: [{ ...structure, prescription: [...structure.prescription].reverse() }],
      },
    },
  ],
])('refuses %s', (_what, message, overrides) => {
  expect(messageOf(overrides)).toMatch(message);
});
