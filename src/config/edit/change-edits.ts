import { HostError } from '../../domain/errors/host-error.js';
import type { ConfigChange } from '../../domain/operations/operations.js';
import type { Role } from '../../plugin-sdk/index.js';
import type { RawConfig } from '../schema/config-schema.js';
import type { Edit } from './edit-yaml.js';

type Switch = 'use_warm_start' | 'use_predicted_sigma' | 'use_predicted_variance';

/** The seed's switches above the roles. */
const switches: Readonly<Partial<Record<Role, { key: Switch; other?: Role }>>> = {
  initialization: { key: 'use_warm_start' },
  'histogram-sigma': { key: 'use_predicted_sigma', other: 'pyramid-sigma' },
  'pyramid-sigma': { key: 'use_predicted_sigma', other: 'histogram-sigma' },
  'adaptive-variance': { key: 'use_predicted_variance' },
};

export interface EditContext {
  readonly raw: RawConfig;
  /** The plugin that a role last had, looked up in earlier generations. */
  lastPlugin(role: Role): string | undefined;
}

/** A switch that holds the role off is turned on; the other role that it held off stays off. */
function switchOn(role: Role, raw: RawConfig): readonly Edit[] {
  const { key, other } = switches[role] ?? {};
  if (key === undefined || raw.optimization[key]) return [];
  const stays = other === undefined ? [] : [{ path: ['roles', other, 'plugin'], value: 'off' }];
  return [{ path: ['optimization', key], value: true }, ...stays];
}

function enable(role: Role, context: EditContext): readonly Edit[] {
  const { raw } = context;
  const on = switchOn(role, raw);
  if (raw.roles[role].plugin !== 'off') return on;
  const plugin = context.lastPlugin(role);
  if (plugin === undefined) throw new HostError('role-never-on', { role });
  return [...on, { path: ['roles', role, 'plugin'], value: plugin }];
}

/** What solvers change of the settings of the plugin that they share with all others. */
function withoutSettings(role: Role, raw: RawConfig): readonly Edit[] {
  const served = Object.entries(raw.roles[role].by_solver);
  return served.flatMap(([solver, served]) =>
    served === undefined || served.plugin !== undefined
      ? []
      : [{ path: ['roles', role, 'by_solver', solver, 'settings'], value: undefined }],
  );
}

function use(
  { role, plugin, model }: Extract<ConfigChange, { kind: 'use' }>,
  context: EditContext,
): readonly Edit[] {
  const { raw } = context;
  const { plugin: current } = raw.roles[role];
  const former = current === 'off' ? context.lastPlugin(role) : current;
  const path = ['roles', role, 'settings'];
  // Settings belong to a plugin: another one does not know them.
  const settings: Edit[] = former === plugin ? [] : [{ path, value: undefined }];
  if (former !== plugin) settings.push(...withoutSettings(role, raw));
  if (model !== undefined) {
    const isAlone = former !== plugin || Object.keys(raw.roles[role].settings).length === 0;
    settings.push(
      isAlone ? { path, value: { model } } : { path: [...path, 'model'], value: model },
    );
  }
  return [...switchOn(role, raw), { path: ['roles', role, 'plugin'], value: plugin }, ...settings];
}

/** What a change of an operator does to the file. @throws HostError `role-never-on` */
export function editsFor(
  change: Exclude<ConfigChange, { kind: 'reload' | 'rollback' }>,
  context: EditContext,
): readonly Edit[] {
  switch (change.kind) {
    case 'enable':
      return enable(change.role, context);
    case 'disable':
      return [{ path: ['roles', change.role, 'plugin'], value: 'off' }];
    case 'use':
      return use(change, context);
    case 'label': {
      const { model, label, version } = change;
      return [{ path: ['models', 'labels', model, label], value: version }];
    }
  }
}
