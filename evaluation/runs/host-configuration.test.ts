import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Arm } from '../arms/arms.js';
import { HostConfigurations } from './host-configuration.js';

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-arms-'));
afterAll(() => rmSync(folder, { recursive: true }));

const yaml = `roles:
  initialization:
    plugin: warm-start
    by_solver: { lbfgs: { qualities: [fast] } }
  step-direction: { plugin: lbfgs, by_solver: { lbfgs: { plugin: off } } }
  early-stopping: { plugin: plateau, qualities: [balanced, fast] }
  histogram-sigma: { plugin: off }
`;

function pluginsOf(solver: Arm['solver'], ...options: readonly string[]) {
  const file = join(folder, 'host.yaml');
  writeFileSync(file, yaml);
  const arm = { name: 'a', solver, options, roles: 'as-configured' } as unknown as Arm;
  return Object.fromEntries(new HostConfigurations(file, join(folder, 'hosts')).pluginsOf(arm));
}

it.each([
  [
    'dh',
    [],
    { initialization: 'warm-start', 'step-direction': 'lbfgs', 'early-stopping': 'plateau' },
  ],
  ['dh', ['--quality=strict'], { initialization: 'warm-start', 'step-direction': 'lbfgs' }],
  // Balanced unless told.
  ['lbfgs', [], { 'early-stopping': 'plateau' }],
  ['lbfgs', ['--quality=fast'], { initialization: 'warm-start', 'early-stopping': 'plateau' }],
  ['lbfgs', ['--no-safeguard'], { initialization: 'warm-start', 'early-stopping': 'plateau' }],
  ['lbfgs', ['--quality=strict'], {}],
] as const)('expects of a host what plans of %s with %j get', (solver, options, expected) => {
  expect(pluginsOf(solver, ...options)).toEqual(expected);
});
