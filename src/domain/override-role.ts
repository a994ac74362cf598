import { SOLVERS } from '../plugin-sdk/index.js';
import type { RoleOverride } from './experiments/experiments.js';
import type { RoleConfig, ServedRole } from './host-config.js';

type Override = Pick<RoleOverride, 'plugin' | 'model' | 'settings'>;

/** Another plugin starts from its own settings, the same plugin from those that it has. Deadline, failure policy and qualities stay. */
export function overrideServed(base: ServedRole, override: Override): ServedRole {
  const { deadlineMs, onFailure, qualities } = base;
  const plugin = override.plugin ?? base.plugin;
  const inherited = plugin === base.plugin ? base.settings : {};
  const model = override.model === undefined ? {} : { model: override.model };
  const settings = { ...inherited, ...override.settings, ...model };
  return { plugin, settings, deadlineMs, onFailure, qualities };
}

/** A role as an arm serves it, for plans of each solver from what those plans have without the arm. */
export function overrideRole(base: RoleConfig, override: RoleOverride | undefined): RoleConfig {
  if (override === undefined) return base;
  const bySolver = SOLVERS.flatMap((solver) => {
    const change = override.bySolver?.[solver];
    const before = base.bySolver[solver];
    if (change === undefined && before === undefined) return [];
    return [[solver, overrideServed(before ?? base, change ?? override)] as const];
  });
  return { ...overrideServed(base, override), bySolver: Object.fromEntries(bySolver) };
}
