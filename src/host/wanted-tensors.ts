import type { PlanView, WantedTensor } from '../plugin-sdk/index.js';
import type { ActiveSet } from './active-set.js';

/** What the plugins that this plan will ask want, by role. */
export function wantsByRole(set: ActiveSet, plan: PlanView) {
  return set.roles
    .filter(({ role }) => plan.accepts.includes(role))
    .map(({ role, loaded }) => ({ role, wants: loaded?.wants ?? [] }));
}

/** The same, of all of them together. */
export function wantedByPlugins(set: ActiveSet, plan: PlanView): readonly WantedTensor[] {
  return wantsByRole(set, plan).flatMap(({ wants }) => wants);
}
