// Puts each plugin.json beside its compiled entry in dist/plugins, where the host looks for built-in plugins.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'plugins');
const folders = existsSync(source) ? readdirSync(source, { withFileTypes: true }) : [];
for (const folder of folders.filter((entry) => entry.isDirectory())) {
  const manifest = join(source, folder.name, 'plugin.json');
  if (!existsSync(manifest)) continue;
  const target = join(root, 'dist/plugins', folder.name);
  mkdirSync(target, { recursive: true });
  copyFileSync(manifest, join(target, 'plugin.json'));
}
