// Node versions that the host is supported on, as npm has them: what artefacts are tried out with. Minutes are saved where a
// version runs what another has installed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

export const OLDEST = '20.20.2';
export const NEWEST = '24.21.0';
export const NODE_VERSIONS = [
  { version: OLDEST },
  { version: '22.23.3', installedBy: OLDEST },
  { version: NEWEST },
];

/**
 * Fetches a version, once, into build/nodes.
 * @returns the folder that its program `node` is in.
 */
export async function nodeFolder(root, version) {
  const prefix = join(root, 'build/nodes', version);
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(prefix, 'node_modules', name, 'bin');
  if (!existsSync(join(folder, 'node'))) {
    const install = ['install', '--no-save', '--ignore-scripts', '--prefix', prefix];
    await execa('npm', [...install, `${name}@${version}`]);
  }
  return folder;
}
