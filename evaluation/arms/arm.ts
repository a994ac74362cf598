// An arm is a solver, options of `rtmodel optimize`, and the plugins of a host.

import { ROLES, type Role } from '../../src/plugin-sdk/role.js';

export { ROLES, type Role };

export interface RoleChoice {
  readonly plugin: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}
export type Roles = Readonly<Partial<Record<Role, RoleChoice>>>;

/** `long` arms are run to learn F* only; `oracle` arms know what no optimizer can. */
export type ArmKind = 'classical' | 'learned' | 'oracle' | 'long';

/**
 * Where a start comes from: the best plan known of the case, each weight times exp(noise x standard normal); or plans
 * of training patients, their mean or that of the patient most alike.
 */
export type StartSource =
  | { readonly from: 'best'; readonly noise: number }
  | { readonly from: 'mean' }
  | { readonly from: 'nearest' };

export const FIDELITIES = ['exact', 'shipped'] as const;
export type Fidelity = (typeof FIDELITIES)[number];

export interface Arm {
  readonly name: string;
  readonly title: string;
  readonly kind: ArmKind;
  readonly solver: 'dh' | 'lbfgs';
  /** Which dH the solver `dh` is; docs/dh-fidelity.md. Arms of the two are not compared. */
  readonly fidelity: Fidelity;
  readonly options: readonly string[];
  /** `as-configured`: the roles of the configuration the evaluation was given. Empty: no host. */
  readonly roles: Roles | 'as-configured';
  readonly start?: StartSource;
  /** Not run: worked out from the runs of another arm. */
  readonly derived?: { readonly from: string; readonly how: 'perfect-stop' | 'free-covariance' };
}

export const LEARNED: Record<Role, RoleChoice> = {
  initialization: { plugin: 'warm-start' },
  'histogram-sigma': { plugin: 'histogram-sigma' },
  'pyramid-sigma': { plugin: 'pyramid-sigma' },
  'adaptive-variance': { plugin: 'variance' },
  'step-direction': { plugin: 'learned-direction' },
  'early-stopping': { plugin: 'convergence' },
};

type Rest = Partial<Omit<Arm, 'name' | 'title' | 'kind' | 'solver' | 'options' | 'roles'>>;

export function arm(
  kind: ArmKind,
  name: string,
  title: string,
  solver: Arm['solver'],
  options: readonly string[] = [],
  roles: Arm['roles'] = {},
  rest: Rest = {},
): Arm {
  return { name, title, kind, solver, fidelity: 'exact', options, roles, ...rest };
}

/** What advises dH without a model. */
export const CLASSICAL: Roles = {
  initialization: { plugin: 'uniform' },
  'pyramid-sigma': { plugin: 'fixed-schedule' },
  'adaptive-variance': { plugin: 'level-default' },
  'step-direction': { plugin: 'lbfgs' },
  'early-stopping': { plugin: 'plateau' },
};

/** The polish after a stop goes on to the shipped tolerance, which would undo what a stop saves. */
const OPTIONS_OF: Readonly<Partial<Record<Role, readonly string[]>>> = {
  'early-stopping': ['--no-polish'],
};

export const optionsOf = (roles: Roles): readonly string[] =>
  ROLES.flatMap((role) => (roles[role] === undefined ? [] : (OPTIONS_OF[role] ?? [])));
