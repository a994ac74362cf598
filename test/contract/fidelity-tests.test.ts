// Tests that docs/dh-fidelity.md names beside each difference are there.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { matchesIn, root } from '../support/doc-examples.js';

const page = 'docs/dh-fidelity.md';

function testsOfTheOptimizer(): readonly string[] {
  const files = execFileSync('git', ['ls-files', 'cpp/tests/rtmodel/*.cpp'], { cwd: root });
  return files
    .toString()
    .split('\n')
    .filter((path) => path !== '')
    .flatMap((path) => [
      ...readFileSync(join(root, path), 'utf8').matchAll(/^TEST(?:_F|_P)?\((\w+), (\w+)\)/gm),
    ])
    .map(([, suite, name]) => `${suite}.${name}`);
}

it('tests of the differences between exact and shipped dH', () => {
  const tests = testsOfTheOptimizer();
  const named = matchesIn(page, /`([A-Z]\w+\.[A-Z]?\w*\*?)`/g);
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(({ match: [, name = ''] }) => {
    const isThere = name.endsWith('*')
      ? (test: string) => test.startsWith(name.slice(0, -1))
      : (test: string) => test === name;
    return !tests.some(isThere);
  });
  expect(missing.map(({ where, match: [text] }) => `${where}: ${text}`)).toEqual([]);
});

it('a test for every difference', () => {
  const rows = readFileSync(join(root, page), 'utf8')
    .split('\n## ')
    .find((section) => section.startsWith('Where they differ'))
    ?.split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| what |'));
  expect(rows?.length).toBeGreaterThan(15);
  expect(rows?.filter((row) => !/`\w+\.[\w*]+` \|$/.test(row))).toEqual([]);
});
