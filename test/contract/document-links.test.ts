// What documents point at is there: files, headings, settings of the configuration.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { documents, matchesIn, root } from '../support/doc-examples.js';

const decisions = readdirSync(join(root, 'docs/adr')).map((name) => `docs/adr/${name}`);
const all = [...documents(), ...decisions];
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** As a page shows it: what a link says behind its `#`. */
function anchorsOf(document: string): readonly string[] {
  return [...read(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

it('files and headings that documents link to', () => {
  const links = all.flatMap((document) =>
    matchesIn(document, /\]\(([^)\s#]*)(?:#([^)\s]*))?\)/g).map((found) => ({
      document,
      ...found,
    })),
  );
  expect(links.length).toBeGreaterThan(100);
  const broken = links.filter(({ document, match: [, path = '', anchor] }) => {
    if (/^[a-z]+:/.test(path)) return false;
    const target = path === '' ? document : join(dirname(document), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
  expect(broken.map(({ where, match: [text] }) => `${where}: ${text}`)).toEqual([]);
});

it('files of this repository that documents name', () => {
  const folders =
    'python|config|scripts|src|test|cpp|bench|evaluation|proto|deploy|docs|plugins|models|dashboard';
  // What a guide has its readers write is not here.
  const guides = [
    'docs/write-a-plugin.md',
    'docs/write-a-plugin-in-python.md',
    'src/plugin-sdk/README.md',
  ];
  const named = all
    .filter((document) => !guides.includes(document))
    .flatMap((document) => matchesIn(document, new RegExp(`\`((?:${folders})/[\\w./-]+)\``, 'g')));
  const missing = named.filter(({ match: [, path = ''] }) => {
    const isPlaceholder = /\/[A-Z]+\//.test(path);
    return !isPlaceholder && !existsSync(join(root, path));
  });
  expect(missing.map(({ where, match: [text] }) => `${where}: ${text}`)).toEqual([]);
});

it('settings that documents name', () => {
  const table = read('docs/configuration.md').matchAll(/^\| `([\w.-]+)`/gm);
  const keys = [...table].map(([, key = '']) => key);
  const sections = new Set(keys.map((key) => key.split('.')[0]));
  expect(keys.length).toBeGreaterThan(50);
  const named = documents().flatMap((document) => matchesIn(document, /`([a-z]+(?:\.[a-z_]+)+)`/g));
  const unknown = named.filter(({ match: [, key = ''] }) => {
    const isSetting = sections.has(key.split('.')[0]) && !key.startsWith('experiments.db');
    return isSetting && !keys.some((known) => known === key || known.startsWith(`${key}.`));
  });
  expect(unknown.map(({ where, match: [text] }) => `${where}: ${text}`)).toEqual([]);
});
