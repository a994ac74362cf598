// What is compared; the table is data.
import {
  type Arm,
  arm,
  CLASSICAL,
  type Fidelity,
  LEARNED,
  optionsOf,
  ROLES,
  type Role,
  type RoleChoice,
  type Roles,
} from './arm.js';
import { profile } from './profile.js';
import { SHIPPED_ARMS, WIDE_START } from './shipped-arms.js';
import { DH_STOPS, LBFGS_STOPS } from './stopping-arms.js';

export * from './arm.js';

// A start at the optimum has nothing to prepare; it would only be led away.
const AS_GIVEN = ['--preparation=0'];

/** The bounded L-BFGS listens to advised variances only when it is told to expect them; without advice it does nothing. */
const LISTENING = { dh: [], lbfgs: ['--covariance=predicted'] } as const;

/** Linear in what `warm-start` sees, fitted to plans of training patients; offered to the optimizer in the same way. */
const RIDGE_START: Roles = {
  initialization: { plugin: 'warm-start', settings: { model: 'ridge-start' } },
};

/**
 * All roles together: learned where a model helps, classical where none does and the solver listens. L-BFGS has its own
 * directions, schedule and variance.
 */
const TOGETHER: Readonly<Record<Arm['solver'], Roles>> = {
  lbfgs: {
    initialization: LEARNED.initialization,
    'early-stopping': LEARNED['early-stopping'],
  },
  dh: {
    ...CLASSICAL,
    initialization: LEARNED.initialization,
    'early-stopping': LEARNED['early-stopping'],
  },
};

/** How arms of a solver begin: dH's program is another optimizer, and its arms are called so. */
const NAMES = { dh: 'dh-reference', lbfgs: 'lbfgs' } as const;

/** What the reference dH is advised with; its roles harm dH's program. */
const REFERENCE_PROFILE = 'config/profiles/dh-reference.yaml';

function learned(solver: Arm['solver']): readonly Arm[] {
  const options = LISTENING[solver];
  const together = Object.entries(TOGETHER[solver]) as [Role, RoleChoice][];
  return [
    ...ROLES.map((role) =>
      arm(
        'learned',
        `${NAMES[solver]}-${role}`,
        `${solver}, learned ${role} alone`,
        solver,
        [...options, ...optionsOf({ [role]: LEARNED[role] })],
        { [role]: LEARNED[role] },
      ),
    ),
    arm(
      'learned',
      `${NAMES[solver]}-all`,
      `${solver}, all roles`,
      solver,
      [...options, ...optionsOf(TOGETHER[solver])],
      TOGETHER[solver],
    ),
    ...together.map(([role]) => {
      const others: Roles = Object.fromEntries(together.filter(([other]) => other !== role));
      return arm(
        'learned',
        `${NAMES[solver]}-all-but-${role}`,
        `${solver}, all roles but ${role}`,
        solver,
        [...options, ...optionsOf(others)],
        others,
      );
    }),
  ];
}

export const ARMS: readonly Arm[] = [
  arm('classical', 'dh-reference', 'dH (reference, exact)', 'dh', ['--covariance=full']),
  arm('classical', 'dh-reference-half-ceiling', 'dH started at half the ceiling', 'dh', [
    '--start-fraction=0.5',
  ]),
  arm('classical', 'dh-incremental', 'dH with incremental covariance', 'dh'),
  arm('classical', 'dh-reference-loose', 'dH, tolerances ten times looser', 'dh', [
    '--stages=3:40:0:1e-2,2:16:0:1e-3,1:6.5:0:1e-4,0:2.5:0:1e-5',
  ]),
  arm('classical', 'dh-reference-classical', 'dH with classical advice', 'dh', [], CLASSICAL),
  ...DH_STOPS,
  arm(
    'learned',
    'dh-reference-profile',
    `dH with ${REFERENCE_PROFILE}`,
    'dh',
    [],
    profile(REFERENCE_PROFILE),
  ),
  arm(
    'learned',
    'dh-reference-configured',
    "dH with the configuration's plugins",
    'dh',
    [],
    'as-configured',
  ),
  arm(
    'learned',
    'lbfgs-fast',
    "L-BFGS with the configuration's plugins and --quality fast",
    'lbfgs',
    ['--quality=fast'],
    'as-configured',
  ),
  arm(
    'learned',
    'lbfgs-configured',
    "L-BFGS with the configuration's plugins",
    'lbfgs',
    [],
    'as-configured',
  ),
  arm('classical', 'lbfgs-annealed', 'bounded L-BFGS, annealed', 'lbfgs', [
    ...AS_GIVEN,
    '--stages=0:30:6,0:10:10,0:5:10,0:2.5:0',
  ]),
  arm('classical', 'lbfgs-prepared', 'bounded L-BFGS from a prepared start', 'lbfgs'),
  ...LBFGS_STOPS,
  arm(
    'classical',
    'lbfgs-mean-start',
    'L-BFGS from the mean plan of training',
    'lbfgs',
    [],
    {},
    {
      start: { from: 'mean' },
    },
  ),
  arm(
    'classical',
    'lbfgs-nearest',
    'L-BFGS from the most similar training plan',
    'lbfgs',
    [],
    {},
    {
      start: { from: 'nearest' },
    },
  ),
  arm('classical', 'lbfgs-ridge', 'L-BFGS from a ridge regression', 'lbfgs', [], RIDGE_START),
  ...learned('lbfgs'),
  arm(
    'learned',
    'lbfgs-initialization-wide',
    "lbfgs, the learned start for dH's program alone",
    'lbfgs',
    LISTENING.lbfgs,
    WIDE_START,
  ),
  arm(
    'learned',
    'lbfgs-all-but-safeguard',
    'lbfgs, all roles, without the descent beside the learned start',
    'lbfgs',
    [...LISTENING.lbfgs, ...optionsOf(TOGETHER.lbfgs), '--no-safeguard'],
    TOGETHER.lbfgs,
  ),
  ...learned('dh'),
  arm('long', 'long-slow', 'L-BFGS, slow annealing to the end', 'lbfgs', [
    '--max-iterations=1500',
    ...AS_GIVEN,
    '--stages=0:40:40:0,0:20:40:0,0:10:60:0,0:5:100:0,0:2.5:1500:1e-9',
  ]),
  arm('long', 'long-half', 'L-BFGS, slow annealing from half the ceiling', 'lbfgs', [
    '--max-iterations=1500',
    '--start-fraction=0.5',
    ...AS_GIVEN,
    '--stages=0:60:60:0,0:30:60:0,0:15:60:0,0:7:80:0,0:4:80:0,0:2.5:1500:1e-9',
  ]),
  arm(
    'oracle',
    'oracle-optimum',
    'L-BFGS from the best plan known',
    'lbfgs',
    AS_GIVEN,
    {},
    {
      start: { from: 'best', noise: 0 },
    },
  ),
  arm(
    'oracle',
    'oracle-noise-20',
    'the same with 20 % noise',
    'lbfgs',
    AS_GIVEN,
    {},
    {
      start: { from: 'best', noise: 0.2 },
    },
  ),
  arm(
    'oracle',
    'oracle-noise-40',
    'the same with 40 % noise',
    'lbfgs',
    AS_GIVEN,
    {},
    {
      start: { from: 'best', noise: 0.4 },
    },
  ),
  arm(
    'oracle',
    'oracle-stop',
    'L-BFGS from a prepared start with a perfect stop',
    'lbfgs',
    [],
    {},
    {
      derived: { from: 'lbfgs-prepared', how: 'perfect-stop' },
    },
  ),
  arm(
    'oracle',
    'oracle-covariance',
    'dH (reference, exact) with its covariance for free',
    'dh',
    [],
    {},
    {
      derived: { from: 'dh-reference', how: 'free-covariance' },
    },
  ),
  ...SHIPPED_ARMS,
];

/** Whose final F_ref is the goal of all. */
export const referenceOf = (fidelity: Fidelity): string =>
  fidelity === 'exact' ? 'dh-reference' : 'dh-shipped';

/** The arm of a solver as it is without advice: what every advised arm is held against. */
export const aloneArm = (solver: Arm['solver']): string =>
  solver === 'dh' ? 'dh-incremental' : 'lbfgs-prepared';

/** Throws with the names there are. */
export function armNamed(name: string): Arm {
  const found = ARMS.find((candidate) => candidate.name === name);
  if (!found) {
    throw new Error(
      `no arm "${name}"; there are ${ARMS.map((candidate) => candidate.name).join(', ')}`,
    );
  }
  return found;
}

/** The arms asked for, what they are worked out from, the reference first, and the long runs that F* needs. */
export function selectArms(
  names: readonly string[] | undefined,
  reference: string,
  withLong: boolean,
  fidelity: Fidelity = 'exact',
): readonly Arm[] {
  const offered = ARMS.filter((candidate) => candidate.fidelity === fidelity);
  const asked = new Set([reference, ...(names ?? offered.map((candidate) => candidate.name))]);
  for (const name of [...asked]) {
    if (armNamed(name).fidelity !== fidelity) {
      throw new Error(`arm "${name}" is not of --fidelity ${fidelity}`);
    }
    const { derived } = armNamed(name);
    if (derived) asked.add(derived.from);
  }
  const isWanted = ({ name, kind }: Arm) =>
    kind === 'long' ? withLong || (names?.includes(name) ?? false) : asked.has(name);
  return offered
    .filter(isWanted)
    .toSorted((a, b) => Number(b.name === reference) - Number(a.name === reference));
}
