import type { RoleConfig } from '../domain/host-config.js';
import { overrideServed } from '../domain/override-role.js';
import { type Role, SOLVERS } from '../plugin-sdk/index.js';
import type { RawConfig } from './schema/config-schema.js';

/** The seed's switches, above the roles' own. */
export function isSwitchedOn(role: Role, optimization: RawConfig['optimization']): boolean {
  switch (role) {
    case 'initialization':
      return optimization.use_warm_start;
    case 'histogram-sigma':
    case 'pyramid-sigma':
      return optimization.use_predicted_sigma;
    case 'adaptive-variance':
      return optimization.use_predicted_variance;
    default:
      return true;
  }
}

/** A role as written: what its plans get, by solver. */
export function toRoleConfig(role: Role, raw: RawConfig): RoleConfig {
  const { settings, by_solver, ...rest } = raw.roles[role];
  const { plugin, deadline_ms: deadlineMs, on_failure: onFailure, qualities } = rest;
  const isOn = plugin !== 'off' && isSwitchedOn(role, raw.optimization);
  const base = { plugin: isOn ? plugin : 'off', settings, deadlineMs, onFailure, qualities };
  // Off is off for all: one place to look, and to switch.
  if (!isOn) return { ...base, bySolver: {} };
  const bySolver = SOLVERS.flatMap((solver) => {
    const forSolver = by_solver[solver];
    if (forSolver === undefined) return [];
    const served = overrideServed(base, {
      ...forSolver,
      plugin: forSolver.plugin,
      model: undefined,
    });
    const {
      deadline_ms = deadlineMs,
      on_failure = onFailure,
      qualities: own = qualities,
    } = forSolver;
    return [
      [
        solver,
        { ...served, deadlineMs: deadline_ms, onFailure: on_failure, qualities: own },
      ] as const,
    ];
  });
  return { ...base, bySolver: Object.fromEntries(bySolver) };
}
