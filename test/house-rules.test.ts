import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { expect, it } from 'vitest';
import {
  benches,
  evaluation,
  handWritten,
  page,
  plugins,
  root,
  scripts,
  tests,
} from './support/source-files.js';

const everything = [handWritten, plugins, tests, page, benches, evaluation, scripts].flat();

/** Written by a generator, or a list by nature: guides in docs/README.md's order, decisions by number, recorded bytes. */
const LISTS = /(^|\/)generated(\/|$)|^docs$|^docs\/adr$|^test\/fixtures(\/|$)/;

it('has no folder with more than 20 files flat, in any language', () => {
  const tracked = execaSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  }).stdout.split('\n');
  const files = new Map<string, number>();
  for (const path of tracked.filter((path) => existsSync(join(root, path)))) {
    files.set(dirname(path), (files.get(dirname(path)) ?? 0) + 1);
  }
  const beyond = [...files].filter(([folder, count]) => count > 20 && !LISTS.test(folder));
  expect(files.size).toBeGreaterThan(200);
  expect(beyond.filter(([folder]) => folder !== '.')).toEqual([]);
});

/** Read by entries and not at one sitting. */
const tables = ['src/domain/errors/error-codes.ts'];

it('has no file beyond 300 lines but tables', () => {
  const long = everything
    .map((file) => ({ path: file.path, lines: file.text.split('\n').length - 1 }))
    .filter((file) => file.lines > 300 && !tables.includes(file.path));
  expect(long).toEqual([]);
  expect(tables.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** Switches off TypeScript's check for properties that do not exist. `{...{ a }}` in JSX is the same. */
const LITERAL_SPREAD = /\.\.\.\(?\s*\{/g;

it('spreads no object literal into another', () => {
  expect('{ ...{ a, b } }'.match(LITERAL_SPREAD)).toHaveLength(1);
  const breaches = everything
    .filter(({ path }) => path !== 'test/house-rules.test.ts')
    .flatMap(({ path, text }) =>
      [...text.matchAll(LITERAL_SPREAD)].map(({ index }) => {
        const line = text.slice(0, index).split('\n').length;
        return `${path}:${line}: write the properties out`;
      }),
    );
  expect(breaches).toEqual([]);
});
