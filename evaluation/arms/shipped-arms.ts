// dH as its program is (`--fidelity shipped`), alone and advised. Every name says so.
import {
  type Arm,
  type ArmKind,
  arm,
  CLASSICAL,
  LEARNED,
  optionsOf,
  ROLES,
  type Roles,
} from './arm.js';
import { profile } from './profile.js';

// A level that comes to dH's limit of iterations ends there, where dH's program would write behind its matrices.
const SHIPPED = ['--fidelity=shipped', '--limit-to-beamlets'];

/** What each role is worth by itself, without the second descent that a start is compared with. */
const FAST = '--quality=fast';

function shipped(
  kind: ArmKind,
  name: string,
  title: string,
  roles: Arm['roles'] = {},
  ...more: readonly string[]
): Arm {
  const fidelity = { fidelity: 'shipped' } as const;
  const ends = roles === 'as-configured' ? [] : optionsOf(roles);
  const options = [...SHIPPED, ...ends, ...more];
  return arm(kind, `dh-shipped${name}`, title, 'dh', options, roles, fidelity);
}

const DH_PROFILE = 'config/profiles/dh.yaml';
const DH_ROLES = profile(DH_PROFILE);

/** The model of `warm-start` that other arms have knows 5 mm beamlets alone. */
export const WIDE_START = {
  initialization: { plugin: 'warm-start', settings: { model: 'warm-start-wide' } },
} as const satisfies Roles;

const SHIPPED_LEARNED = { ...LEARNED, ...WIDE_START };

export const SHIPPED_ARMS: readonly Arm[] = [
  shipped('classical', '', "dH's program alone"),
  shipped('learned', '-profile', `the same with ${DH_PROFILE}`, DH_ROLES),
  shipped(
    'learned',
    '-profile-balanced',
    'the same, with the descent without the start as well',
    DH_ROLES,
    '--quality=balanced',
  ),
  ...Object.keys(DH_ROLES).map((role) => {
    const others = Object.fromEntries(Object.entries(DH_ROLES).filter(([name]) => name !== role));
    return shipped('learned', `-profile-but-${role}`, `the profile without ${role}`, others, FAST);
  }),
  shipped('learned', '-configured', "the same with the configuration's plugins", 'as-configured'),
  ...ROLES.map((role) => {
    const title = `the same, learned ${role} alone`;
    return shipped('learned', `-${role}`, title, { [role]: SHIPPED_LEARNED[role] }, FAST);
  }),
  ...ROLES.flatMap((role) => {
    const choice = CLASSICAL[role];
    if (choice === undefined) return [];
    const title = `the same, classical ${role} alone`;
    return [shipped('classical', `-${choice.plugin}`, title, { [role]: choice }, FAST)];
  }),
];
