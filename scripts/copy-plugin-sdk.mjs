// Puts the compiled plugin SDK into its package, src/plugin-sdk/dist, from where plugins import it by name and `npm pack` packs it. The
// host has it in dist/src/plugin-sdk. Files that are the same are left alone: hosts may be reading them.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'dist/src/plugin-sdk');
const target = join(root, 'src/plugin-sdk/dist');

/** Paths of all files below a folder, relative to it. */
function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

// tsc leaves what was compiled from sources that are gone.
const isOfSource = (path) =>
  existsSync(join(root, 'src/plugin-sdk', path.replace(/(\.d\.ts|\.js)$/, '.ts')));
const wanted = filesOf(source).filter(isOfSource);
for (const path of wanted) {
  const bytes = readFileSync(join(source, path));
  const copy = join(target, path);
  if (existsSync(copy) && readFileSync(copy).equals(bytes)) continue;
  mkdirSync(dirname(copy), { recursive: true });
  writeFileSync(copy, bytes);
}
for (const path of filesOf(target)) if (!wanted.includes(path)) rmSync(join(target, path));
