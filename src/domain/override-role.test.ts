import { expect, it } from 'vitest';
import { overrideRole } from './override-role.js';

const override = { plugin: undefined, model: undefined, settings: {} };
const served = {
  plugin: 'a',
  settings: { x: 1, y: 2 },
  deadlineMs: 5,
  onFailure: 'none',
} as const;
const base = { ...served, bySolver: {} };

it.each([
  ['nothing', undefined, base],
  ['settings', { ...override, settings: { y: 3 } }, { ...base, settings: { x: 1, y: 3 } }],
  ['a model', { ...override, model: 'm@2' }, { ...base, settings: { x: 1, y: 2, model: 'm@2' } }],
  ['a plugin', { ...override, plugin: 'b' }, { ...base, plugin: 'b', settings: {} }],
])('overrides %s', (_, change, expected) => {
  expect(overrideRole(base, change)).toEqual(expected);
});

it('overrides what plans of a solver have from what they have without it', () => {
  const dh = { ...served, settings: { x: 7 }, deadlineMs: 9 };
  const changed = overrideRole(
    { ...served, bySolver: { dh } },
    { ...override, settings: { y: 3 } },
  );
  expect(changed.settings).toEqual({ x: 1, y: 3 });
  expect(changed.bySolver).toEqual({ dh: { ...dh, settings: { x: 7, y: 3 } } });
});

it('keeps a role off for a solver whose plans do not have it, unless the plugin is named', () => {
  const bySolver = { lbfgs: { ...served, plugin: 'off' } };
  const plugin = (change: Partial<typeof override> | { plugin: string }) =>
    overrideRole({ ...served, bySolver }, { ...override, ...change }).bySolver.lbfgs?.plugin;
  expect(plugin({ settings: { y: 3 } })).toBe('off');
  expect(plugin({ plugin: 'b' })).toBe('b');
});

it('takes what an override has for a solver of its own', () => {
  const own = { ...override, plugin: 'c', settings: { z: 1 } };
  const changed = overrideRole(base, { ...override, plugin: 'b', bySolver: { dh: own } });
  expect(changed).toMatchObject({ plugin: 'b', settings: {} });
  expect(changed.bySolver).toEqual({ dh: { ...served, plugin: 'c', settings: { z: 1 } } });
});
