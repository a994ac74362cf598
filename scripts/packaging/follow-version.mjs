// Run by `npm version`, between package.json and the commit: every other file that names the version, and the changelog.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { release } from './changelog.mjs';
import { productVersion, writeVersion } from './versions.mjs';

const root = process.cwd();
const version = productVersion(root);
const changelog = join(root, 'CHANGELOG.md');
// Both refuse before either writes.
const text = release(
  readFileSync(changelog, 'utf8'),
  version,
  new Date().toISOString().slice(0, 10),
);
const files = writeVersion(root, version);
writeFileSync(changelog, text);
execFileSync('git', ['add', '--', 'CHANGELOG.md', ...files], { cwd: root });
process.stdout.write(`${version}: ${['CHANGELOG.md', ...files].join(', ')}\n`);
