// Makes every artefact of a release in out/release and tells what it made; scripts/release sets everything up before.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { markdownTable } from 'markdown-table';
import { makeCppPackages, makeNpmPackages, makeWheels } from './artefacts.mjs';
import { notesFor } from './changelog.mjs';
import { SUMS, writeSums } from './sums.mjs';
import { productVersion } from './versions.mjs';

const root = process.cwd();
const into = join(root, 'out/release');
const say = (line) => process.stdout.write(`release: ${line}\n`);

const KINDS = [
  [/^dh-advisor-plugin-sdk/, 'what plugins are written with, for npm'],
  [
    /^dh-advisor-sdk/,
    'the client library for C++ and C: headers, static and shared, CMake package',
  ],
  [
    /^dh-advisor-.*\.tgz$/,
    'the host with plugins, models, page and its dependencies, for `npm install -g`',
  ],
  [/^libdh-advisor-dev_.*\.deb$/, 'the client library, for Debian 12'],
  [/^rtmodel_.*\.deb$/, 'the reference optimizer, for Debian 12'],
  [/^dh_advisor_client-.*\.whl$/, 'the client for Python'],
  [/^dh_advisor_plugin-.*\.whl$/, 'what plugins in Python are written with'],
  [/^dh_cases-.*\.whl$/, "other programs' cases in, plans out: `dh-cases`"],
  [/^dh_training-.*\.whl$/, 'training: `dh-train`'],
  [/\.cdx\.json$/, 'bill of materials, CycloneDX 1.5'],
  ['CHANGES.md', 'what is new'],
];

const kindOf = (name) =>
  KINDS.find(([pattern]) =>
    pattern instanceof RegExp ? pattern.test(name) : pattern === name,
  )?.[1] ?? '';

function sizeOf(file) {
  const bytes = statSync(file).size;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

async function isDirty() {
  const { stdout } = await execa('git', ['status', '--porcelain'], { cwd: root });
  return stdout !== '';
}

const version = productVersion(root);
const notes = notesFor(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
if (!notes.isReleased)
  say(`NOT A RELEASE: CHANGELOG.md has no section for ${version}; \`npm version\` makes one`);
if (await isDirty()) say('NOT REPRODUCIBLE: the checkout has changes that are not committed');
rmSync(into, { recursive: true, force: true });
mkdirSync(into, { recursive: true });
for (const [what, make] of [
  ['host and plugin SDK', makeNpmPackages],
  ['wheels', makeWheels],
  ['C++', makeCppPackages],
]) {
  say(`packing ${what}`);
  await make({ root, into });
}
writeFileSync(join(into, 'CHANGES.md'), `# dh-advisor ${version}\n\n${notes.body}\n`);
writeSums(into);
const rows = readdirSync(into)
  .filter((name) => name !== SUMS)
  .sort()
  .map((name) => [name, sizeOf(join(into, name)), kindOf(name)]);
process.stdout.write(`${markdownTable([['artefact', 'size', 'what'], ...rows])}\n`);
say(`all of it is in ${into}, with ${SUMS}`);
