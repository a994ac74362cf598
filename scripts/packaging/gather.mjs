// node scripts/packaging/gather.mjs FROM... INTO: artefacts of several platforms in one folder, with checksums of all. Of a file that is made on
// each, the first platform's is taken.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SUMS, writeSums } from './sums.mjs';

const folders = process.argv.slice(2);
const into = folders.pop();
if (folders.length === 0) throw new Error('usage: gather.mjs FROM... INTO');
rmSync(into, { recursive: true, force: true });
mkdirSync(into, { recursive: true });
for (const folder of folders) {
  for (const name of readdirSync(folder).filter((name) => name !== SUMS)) {
    if (!existsSync(join(into, name))) cpSync(join(folder, name), join(into, name));
  }
}
writeSums(into);
process.stdout.write(`${readdirSync(into).length - 1} files in ${into}\n`);
