// Changes that the benchmark makes: sound ones that it remembers, and broken ones of every kind.
import { render } from './live-host.mjs';

const role = 'early-stopping';
const use = (plugin, model) => ({ kind: 'use', role, plugin, pluginVersion: undefined, model });
const label = (version) => ({ kind: 'label', model: 'convergence', label: 'stable', version });

/** Sound changes, each with what the file says afterwards and a command that does the same, where there is one. */
export const SOUND = [
  { to: { stable: '2' }, command: label('2') },
  { to: { plugin: 'plateau', settings: {} }, command: use('plateau') },
  { to: { cosine: 1e-3 } },
  {
    to: { plugin: 'convergence', settings: { model: 'convergence@1' } },
    command: use('convergence', 'convergence@1'),
  },
  { to: { initialization: 'off' }, command: { kind: 'disable', role: 'initialization' } },
  { to: { plugin: 'convergence', settings: { tolerance: 1e-3 } } },
  { to: { stable: '1' }, command: label('1') },
  { to: { initialization: 'uniform' }, command: { kind: 'enable', role: 'initialization' } },
  { to: { cosine: 1e-4 } },
  { to: { plugin: 'convergence', settings: {} } },
];

/** Broken changes with what the report must name; the place in the file comes from the report itself. */
export const BROKEN = [
  { names: 'is not valid YAML', edit: (text) => text.replace('roles:', 'roles: {') },
  { names: 'rolls is not a known key', edit: (text) => text.replace('roles:', 'rolls:') },
  { names: 'roles.early-stopping.plugin', command: use('nowhere') },
  {
    names: 'envelope.descent_cosine',
    edit: (text) => text.replace(/descent_cosine: \S+/, 'descent_cosine: steep'),
  },
  { names: 'models.labels.convergence.stable', command: label('3') },
  {
    names: 'roles.early-stopping.settings',
    edit: (text) => text.replace(/settings: .*/, 'settings: { patients: 3 }'),
  },
  {
    names: 'models.labels.convergence.stable',
    edit: (_, state, models) => render({ ...state, stable: '3' }, models),
  },
  { names: 'roles.early-stopping.plugin', command: use('uniform') },
  // Half a file: what an editor that writes in place may leave for a moment, or for ever.
  {
    names: 'version',
    edit: (text) => text.slice(text.indexOf('server:'), text.indexOf('roles:') + 6),
  },
  { names: 'models.labels.convergence.stable', command: label('99') },
];
