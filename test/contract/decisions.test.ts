// Each decision says whether it holds, since when, and what came after it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';

const folder = join(root, 'docs/adr');
const names = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
const numberOf = (name: string) => name.slice(0, 4);

it.each(names)('%s has a title with its number, a status and a date', (name) => {
  const [title = '', blank, status = '', next] = readFileSync(join(folder, name), 'utf8').split(
    '\n',
  );
  expect(title).toMatch(new RegExp(`^# ${numberOf(name)}\\.? \\S`));
  expect([blank, next]).toEqual(['', '']);
  expect(status).toMatch(/^Status: (accepted|superseded), 20\d\d-\d\d-\d\d\./);
});

it('a decision that was changed names later ones', () => {
  const changed = names.filter((name) => {
    const [, , status = ''] = readFileSync(join(folder, name), 'utf8').split('\n');
    const successors = [...status.matchAll(/\]\((\d{4})-/g)].map(([, number = '']) => number);
    for (const successor of successors) expect(successor > numberOf(name), name).toBe(true);
    if (status.startsWith('Status: superseded')) expect(successors, name).not.toEqual([]);
    return successors.length > 0;
  });
  expect(changed.length).toBeGreaterThan(5);
});
