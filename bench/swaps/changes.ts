// Changes that the benchmark makes: sound ones that it remembers, and broken ones of every kind.
import type { ConfigChange } from '../../src/domain/operations/operations.js';
import type { Role } from '../../src/plugin-sdk/role.js';
import { type ConfiguredState, render } from './live-host.js';

const use = (role: Role, plugin: string, model?: string): ConfigChange => ({
  kind: 'use',
  role,
  plugin,
  pluginVersion: undefined,
  model,
});
const useStopping = (plugin: string, model?: string) => use('early-stopping', plugin, model);
const label = (version: string): ConfigChange => ({
  kind: 'label',
  model: 'convergence',
  label: 'stable',
  version,
});

export interface SoundChange {
  /** What the file says afterwards. */
  readonly to: Partial<ConfiguredState>;
  /** Does the same. */
  readonly command?: ConfigChange;
}

/**
 * Sound changes, each with what the file says afterwards and a command that does the same, where there is one. Iterations
 * are answered by a version of one model all the time, so that a question costs the same in quiet and in busy phases.
 */
export const SOUND: readonly SoundChange[] = [
  { to: { stable: '2' }, command: label('2') },
  {
    to: { variance: 'constant-variance' },
    command: use('adaptive-variance', 'constant-variance'),
  },
  { to: { cosine: 1e-3 } },
  {
    to: { settings: { model: 'convergence@1' } },
    command: useStopping('convergence', 'convergence@1'),
  },
  { to: { initialization: 'off' }, command: { kind: 'disable', role: 'initialization' } },
  { to: { settings: { tolerance: 1e-3 } } },
  { to: { stable: '1' }, command: label('1') },
  { to: { initialization: 'uniform' }, command: { kind: 'enable', role: 'initialization' } },
  { to: { variance: 'level-default', cosine: 1e-4 } },
  { to: { settings: {} } },
];

export type BrokenChange = {
  /** What the report must name. */
  readonly names: string;
} & (
  | { readonly edit: (text: string, state: ConfiguredState, models: string) => string }
  | { readonly command: ConfigChange }
);

/** Broken changes with what the report must name; the place in the file comes from the report itself. */
export const BROKEN: readonly BrokenChange[] = [
  { names: 'is not valid YAML', edit: (text) => text.replace('roles:', 'roles: {') },
  { names: 'rolls is not a known key', edit: (text) => text.replace('roles:', 'rolls:') },
  { names: 'roles.early-stopping.plugin', command: useStopping('nowhere') },
  {
    names: 'envelope.descent_cosine',
    edit: (text) => text.replace(/descent_cosine: \S+/, 'descent_cosine: steep'),
  },
  { names: 'models.labels.convergence.stable', command: label('3') },
  {
    names: 'roles.early-stopping.settings',
    edit: (_, state, models) => render({ ...state, settings: { patients: 3 } }, models),
  },
  {
    names: 'models.labels.convergence.stable',
    edit: (_, state, models) => render({ ...state, stable: '3' }, models),
  },
  { names: 'roles.early-stopping.plugin', command: useStopping('uniform') },
  // Half a file: what an editor that writes in place may leave for a moment, or for ever.
  {
    names: 'version',
    edit: (text) => text.slice(text.indexOf('server:'), text.indexOf('roles:') + 6),
  },
  { names: 'models.labels.convergence.stable', command: label('99') },
];
