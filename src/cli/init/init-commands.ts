import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packagePaths } from '../../composition/package-paths.js';
import { readConfig } from '../../config/read-config.js';
import type { Profile } from './profiles.js';

const NAME = 'host.yaml';
/** Files of the package that its configurations mention: the schema for editors, documents, other configurations, models. */
const MENTIONED = /(?<![\w./-])(?:\.{1,2}|docs|config|profiles)\/(?:[\w./-]*[\w/])?/g;

/**
 * Writes the configuration that comes with the host, or one of its profiles, into a folder.
 * @returns what was written and what to do next.
 * @throws Error when there is one already, which stays as it is, or the folder cannot be written.
 */
export async function writeConfiguration(folder: string, profile?: Profile): Promise<string> {
  const { root } = packagePaths();
  const source = join(root, 'config', profile === undefined ? NAME : `profiles/${profile}.yaml`);
  const places = [dirname(source), root];
  const text = readFileSync(source, 'utf8').replaceAll(
    MENTIONED,
    (path) => places.map((place) => resolve(place, path)).find(existsSync) ?? path,
  );
  const file = join(folder, NAME);
  writeNew(file, text);
  const { server, httpAddress } = readConfig(file).config;
  return [
    `${file} is written: ${profile === undefined ? 'every setting with its default' : `the roles of profile ${profile}`}, explained beside it`,
    `  check it after a change   dh-advisor config check ${file}`,
    `  serve                     dh-advisor serve --config ${file}`,
    `  watch and operate         http://${httpAddress}/`,
    `  let an optimizer ask      rtmodel optimize CASE --advisor ${server.address}`,
    `All of it listens on this machine alone. Before others may reach it: ${join(root, 'docs/security.md')}; as a service: ${join(root, 'docs/deploy.md')}`,
  ].join('\n');
}

function writeNew(file: string, text: string): void {
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (thrown) {
    const { code, message, syscall } = thrown as NodeJS.ErrnoException;
    const problem =
      code === 'EEXIST' && syscall === 'open'
        ? `${file} is there already, and nothing is overwritten: name another folder, or remove it`
        : `${file} cannot be written (${message}): name a folder that you may write to`;
    throw new Error(problem, { cause: thrown });
  }
}
