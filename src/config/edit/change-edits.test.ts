import { expect, it } from 'vitest';
import type { ConfigChange } from '../../domain/operations/operations.js';
import type { Role } from '../../plugin-sdk/index.js';
import { parseConfig } from '../read-config.js';
import { editsFor } from './change-edits.js';
import { describeChange, needsRestart } from './describe-change.js';

type Edited = Exclude<ConfigChange, { kind: 'reload' | 'rollback' }>;

function edits(yaml: string, change: Edited, last?: string) {
  const { raw } = parseConfig(`version: 1\n${yaml}`, 'host.yaml');
  return editsFor(change, { raw, lastPlugin: () => last }).map(
    ({ path, value }) => `${path.join('.')} = ${JSON.stringify(value)}`,
  );
}

const use = (role: Role, plugin: string, model?: string): Edited => ({
  kind: 'use',
  role,
  plugin,
  pluginVersion: undefined,
  model,
});

it('enables a role by the switch that holds it off, and leaves the other role of the switch off', () => {
  const yaml = [
    'optimization: { use_warm_start: false, use_predicted_sigma: false }',
    'roles:',
    '  initialization: { plugin: uniform }',
    '  pyramid-sigma: { plugin: fixed-schedule }',
    '  histogram-sigma: { plugin: structure-rules }',
  ].join('\n');
  expect(edits(yaml, { kind: 'enable', role: 'initialization' })).toEqual([
    'optimization.use_warm_start = true',
  ]);
  expect(edits(yaml, { kind: 'enable', role: 'pyramid-sigma' })).toEqual([
    'optimization.use_predicted_sigma = true',
    'roles.histogram-sigma.plugin = "off"',
  ]);
});

it('does nothing to a role that is on', () => {
  const yaml = 'roles: { early-stopping: { plugin: plateau } }';
  expect(edits(yaml, { kind: 'enable', role: 'early-stopping' }, 'convergence')).toEqual([]);
});

it('keeps the settings of the same plugin and drops those of another', () => {
  const yaml = 'roles: { early-stopping: { plugin: convergence, settings: { z: 2 } } }';
  const plugin = 'roles.early-stopping.plugin';
  const settings = 'roles.early-stopping.settings';
  expect(edits(yaml, use('early-stopping', 'convergence', 'convergence@2'))).toEqual([
    `${plugin} = "convergence"`,
    `${settings}.model = "convergence@2"`,
  ]);
  expect(edits(yaml, use('early-stopping', 'plateau'))).toEqual([
    `${plugin} = "plateau"`,
    `${settings} = undefined`,
  ]);
  const off = 'roles: { early-stopping: { plugin: off, settings: { z: 2 } } }';
  expect(edits(off, use('early-stopping', 'convergence'), 'convergence')).toEqual([
    `${plugin} = "convergence"`,
  ]);
});

it('drops what solvers change of settings of another plugin, and keeps plugins of their own', () => {
  const yaml = `roles:
  early-stopping:
    plugin: convergence
    by_solver: { dh: { settings: { z: 2 } }, lbfgs: { plugin: plateau, settings: { window: 3 } } }
`;
  const plugin = 'roles.early-stopping.plugin';
  expect(edits(yaml, use('early-stopping', 'plateau'))).toEqual([
    `${plugin} = "plateau"`,
    'roles.early-stopping.settings = undefined',
    'roles.early-stopping.by_solver.dh.settings = undefined',
  ]);
  expect(edits(yaml, use('early-stopping', 'convergence'))).toEqual([`${plugin} = "convergence"`]);
});

it('says a change as it is typed', () => {
  const versioned: ConfigChange = {
    ...use('early-stopping', 'p', 'm@2'),
    pluginVersion: '1.0.0',
  } as never;
  expect(describeChange(versioned)).toBe('use early-stopping p@1.0.0 --model m@2');
  expect(describeChange({ kind: 'rollback', generation: 3 })).toBe('rollback 3');
  expect(describeChange({ kind: 'rollback', generation: undefined })).toBe('rollback');
});

it('knows which settings wait for the next start', () => {
  const paths = ['server.address', 'server.address_book', 'http.address', 'models.labels.a.b'];
  expect(paths.filter(needsRestart)).toEqual(['server.address', 'http.address']);
});
