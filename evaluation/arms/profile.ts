import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Roles } from './arm.js';

/** The roles that a profile of the repository has on. */
export function profile(file: string): Roles {
  const { roles } = parse(readFileSync(file, 'utf8')) as {
    roles: Roles;
  };
  return Object.fromEntries(Object.entries(roles).filter(([, { plugin }]) => plugin !== 'off'));
}
