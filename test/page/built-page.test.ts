import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const built = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));
const files = readdirSync(built, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'licenses.md')
  .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

it('is less than 200 kB compressed, everything together', () => {
  const bytes = files.reduce((sum, file) => sum + gzipSync(file).byteLength, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(200_000);
});

it('loads nothing from elsewhere', () => {
  const addresses = files.flatMap(
    (file) => file.toString('utf8').match(/https?:\/\/[^"'`\s)]+/g) ?? [],
  );
  // Names of vocabularies, not addresses that anything is loaded from.
  expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
});

it('has the licence of everything that is bundled, the font included', () => {
  const licences = readFileSync(join(built, 'licenses.md'), 'utf8');
  for (const name of ['preact', 'uplot', 'eventsource-parser', '@fontsource-variable/inter']) {
    expect(licences).toContain(`## ${name}`);
  }
});
