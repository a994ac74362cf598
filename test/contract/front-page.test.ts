// The README says what the measurements and the code say, and leads everywhere.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';
import { blocksOf } from '../support/guide.js';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const results = read('docs/results.md');

const cellsOf = (row: string) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Text between the markers that `npm run gen:results` looks for. */
function generated(name: string): string {
  const [, text] = new RegExp(`<!-- ${name} -->([^]*)<!-- /${name} -->`).exec(results) ?? [];
  return text ?? expect.fail(`docs/results.md has no place for the table ${name}`);
}

it('is read in a few minutes', () => {
  const lines = readme.trimEnd().split('\n').length;
  expect(lines).toBeGreaterThanOrEqual(60);
  expect(lines).toBeLessThanOrEqual(90);
  for (const [, path = ''] of readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
    expect(statSync(join(root, path)).size, path).toBeLessThan(300_000);
  }
});

it('has a place for every table that is generated', () => {
  const names = [...read('scripts/gen/results.mjs').matchAll(/^ {2}'?([a-z-]+)'?: \w+Table\(/gm)];
  expect(names.length).toBe(7);
  for (const [, name = ''] of names) expect(generated(name)).toMatch(/^\| /m);
});

/** The figure of an arm in a column of a table of results. */
function figureOf(arm: string, table: string, column: number): string {
  const row = generated(table)
    .split('\n')
    .find((line) => line.startsWith(`| ${arm} |`));
  return cellsOf(row ?? '')[column]?.split(' ')[0] ?? expect.fail(`no ${arm} in ${table}`);
}

const [, gains = ''] = /^## What it gains$([\s\S]*?)^## /m.exec(readme) ?? [];
const rows = gains
  .split('\n')
  .filter((line) => line.startsWith('| ['))
  .map(cellsOf);

it('gives the costs of the table of results', () => {
  const whole = [
    [figureOf('dh-shipped-configured', 'evaluate-shipped', 2), '1'],
    [figureOf('lbfgs-configured', 'evaluate-whole', 1), '1'],
  ];
  const expected = [
    ['lbfgs-prepared', 'dh-reference', 'evaluate'],
    ['lbfgs-initialization', 'lbfgs-prepared', 'evaluate'],
  ].map(([arm = '', without = '', table = '']) => [
    figureOf(arm, table, 2),
    figureOf(without, table, 2),
  ]);
  expect(rows.length).toBe(5);
  const shown = rows.slice(0, 4).map(([, arm, without]) => [arm, without]);
  expect(shown).toEqual([...whole, ...expected]);
});

it('gives no figure that the results do not have', () => {
  const figures = gains.replaceAll(/\]\([^)]*\)/g, '').match(/\d+(\.\d+)?/g) ?? [];
  expect(figures.length).toBeGreaterThan(20);
  const known = new Set(results.match(/\d+(\.\d+)?/g));
  expect(figures.filter((figure) => !known.has(figure))).toEqual([]);
});

it('tells the limits of every gain', () => {
  for (const [what, , , limits = ''] of rows) expect(limits.length, what).toBeGreaterThan(20);
});

it('shows the plugin that the package of the SDK is tested with', () => {
  const shown = blocksOf('README.md').find(({ language }) => language === 'ts');
  const tested = blocksOf('src/plugin-sdk/README.md').find(({ file }) => file === 'index.mts');
  expect(shown?.text).toBe(tested?.text);
});

it('shows lines of an optimizer that is built and run', () => {
  const shown = blocksOf('README.md').find(({ language }) => language === 'cpp')?.text ?? '';
  const built = read('cpp/examples/advised_loop.cpp')
    .split('\n')
    .map((line) => line.trim());
  const lines = shown.split('\n').map((line) => line.trim());
  const statements = lines.filter((line) => line !== '' && !line.startsWith('//'));
  expect(statements.length).toBeGreaterThan(8);
  expect(statements.filter((line) => !built.includes(line))).toEqual([]);
});

it('is cited by the version that it has', () => {
  const { version } = JSON.parse(read('package.json'));
  expect(read('CITATION.cff')).toContain(`\nversion: ${version}\n`);
});

it('leads to every guide, by way of their map', () => {
  expect(readme).toContain('](docs/README.md)');
  const map = read('docs/README.md');
  const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  const missing = guides.filter((name) => name !== 'README.md' && !map.includes(`](${name})`));
  expect(missing).toEqual([]);
});
