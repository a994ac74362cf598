// node scripts/packaging/check-tag.mjs TAG: fails when the tag is not that of package.json's version, or the changelog has nothing of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notesFor } from './changelog.mjs';
import { followingVersions, productVersion } from './versions.mjs';

const root = process.cwd();
const [tag] = process.argv.slice(2);
const version = productVersion(root);
const notes = notesFor(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
const astray = followingVersions(root).filter((place) => place.version !== version);
const problems = [
  tag === `v${version}` ? [] : [`the tag is ${tag}, and package.json says ${version}`],
  notes.isReleased ? [] : [`CHANGELOG.md has no section for ${version}`],
  astray.map((place) => `${place.file} says ${place.version}`),
].flat();
for (const problem of problems) {
  process.stderr.write(`check-tag: ${problem}; \`npm version\` sets all of it\n`);
}
if (problems.length > 0) process.exitCode = 1;
