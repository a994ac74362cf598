// When to stop: what `convergence` is compared with.
import { arm, CLASSICAL, LEARNED, optionsOf, type RoleChoice, type Roles } from './arm.js';

/** As the plugin comes. */
const PLATEAU: RoleChoice = { plugin: 'plateau' };

const stoppedBy = (choice: RoleChoice): Roles => ({ 'early-stopping': choice });
const { 'early-stopping': _, ...UNSTOPPED } = CLASSICAL;

export const LBFGS_STOPS = [
  arm(
    'classical',
    'lbfgs-plateau',
    'bounded L-BFGS from a prepared start, plateau alone',
    'lbfgs',
    [...optionsOf(stoppedBy(PLATEAU))],
    stoppedBy(PLATEAU),
  ),
];

/** dH with classical advice, ending where advice stops it. */
export const DH_STOPS = [
  arm(
    'classical',
    'dh-reference-unstopped',
    'dH with classical advice but stops',
    'dh',
    [],
    UNSTOPPED,
  ),
  arm(
    'classical',
    'dh-reference-plateau',
    'dH with classical advice, no polish after stops',
    'dh',
    [...optionsOf(CLASSICAL)],
    CLASSICAL,
  ),
  arm(
    'learned',
    'dh-reference-convergence',
    'the same, learned stops in place of plateau',
    'dh',
    [...optionsOf(CLASSICAL)],
    { ...CLASSICAL, ...stoppedBy(LEARNED['early-stopping']) },
  ),
];
