import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseYaml } from '../yaml-document.js';
import { type Edit, editYaml } from './edit-yaml.js';

const example = readFileSync(new URL('../../../config/host.yaml', import.meta.url), 'utf8');
const edit = (text: string, ...edits: Edit[]) => editYaml(text, edits, 'host.yaml');
const comments = (text: string) => text.match(/#.*/g);

it('replaces a value where it stands, and nothing else moves', async () => {
  const path = ['roles', 'early-stopping', 'plugin'];
  const edited = await edit(example, { path, value: 'off' });
  expect(edited).toBe(example.replace('    plugin: plateau', '    plugin: off'));
});

it('quotes what YAML would take for something else', async () => {
  const edited = await edit('a: { b: x }\n', { path: ['a', 'b'], value: '2' });
  expect(edited).toBe('a: { b: "2" }\n');
  expect(await edit('a: x\n', { path: ['a'], value: 'true' })).toBe('a: "true"\n');
});

it('keeps every comment when it adds or takes out', async () => {
  const edited = await edit(
    example,
    { path: ['models', 'labels', 'convergence', 'stable'], value: '1' },
    { path: ['roles', 'step-direction', 'settings'], value: { memory: 5 } },
    { path: ['roles', 'initialization', 'on_failure'], value: undefined },
  );
  expect(comments(edited)).toEqual(comments(example));
  const value = parseYaml(edited).value as Record<string, Record<string, Record<string, unknown>>>;
  expect(value['models']?.['labels']).toEqual({ convergence: { stable: '1' } });
  expect(value['roles']?.['step-direction']?.['settings']).toEqual({ memory: 5 });
  expect(value['roles']?.['initialization']).not.toHaveProperty('on_failure');
});

it('adds to a file that has no such section', async () => {
  const edited = await edit('version: 1 # format\n', {
    path: ['roles', 'a', 'plugin'],
    value: 'b',
  });
  expect(edited).toBe('version: 1 # format\nroles:\n  a:\n    plugin: b\n');
});

it('says why it cannot edit below an alias', async () => {
  const text = 'one: &one { plugin: a }\ntwo: *one\n';
  await expect(edit(text, { path: ['two', 'plugin'], value: 'b' })).rejects.toMatchObject({
    code: 'config-not-editable',
    message: expect.stringContaining('two.plugin'),
  });
});
