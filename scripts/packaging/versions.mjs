// One version: package.json's. `npm version X.Y.Z` writes it there and has follow-version.mjs write it wherever else it stands. The plugin
// SDK has a version of its own, which manifests of plugins are compared with.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = /\d+\.\d+\.\d+/;
const pyproject = { before: /^version = "/m };

/** Files that follow package.json, and what stands before each version in them. */
export const VERSIONED = [
  { file: 'clients/python/pyproject.toml', ...pyproject },
  { file: 'clients/python-plugin/pyproject.toml', ...pyproject },
  { file: 'python/pyproject.toml', ...pyproject },
  { file: 'python/cases/pyproject.toml', ...pyproject },
  { file: 'cpp/CMakeLists.txt', before: /^project\(dh_advisor VERSION /m },
  { file: 'CITATION.cff', before: /^version: /m },
  { file: 'deploy/compose.yaml', before: /image: dh-advisor:/ },
  { file: 'clients/python/README.md', before: /dh_advisor_client-/ },
  {
    file: 'docs/install.md',
    before: /(?:dh-advisor|dh_advisor_client|rtmodel|libdh-advisor-dev)[-_]/,
  },
  { file: 'docs/deploy.md', before: /(?:dh-advisor|rtmodel)[-_]/ },
];

const everywhere = ({ before }) => new RegExp(`(${before.source})(${VERSION.source})`, 'gm');

/** The version of the product. */
export function productVersion(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

/** Versions that a file names, as `{ file, version }`; a file that names none is in none. */
export function followingVersions(root) {
  return VERSIONED.flatMap((place) =>
    [...readFileSync(join(root, place.file), 'utf8').matchAll(everywhere(place))].map((match) => ({
      file: place.file,
      version: match.at(-1),
    })),
  );
}

/**
 * Writes a version into all files that follow.
 * @returns the files.
 * @throws when it is not three numbers, which is all that npm, Python, CMake and Debian read alike, or a file does not name one.
 */
export function writeVersion(root, version) {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`${version} is not X.Y.Z, which npm, Python, CMake and Debian all read alike`);
  }
  return VERSIONED.map((place) => {
    const path = join(root, place.file);
    const text = readFileSync(path, 'utf8');
    if (!everywhere(place).test(text)) {
      throw new Error(`${place.file} names no version after ${place.before}`);
    }
    writeFileSync(
      path,
      text.replaceAll(everywhere(place), (_, before) => before + version),
    );
    return place.file;
  });
}
