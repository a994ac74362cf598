import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Authority } from '../../system/tls/make-certificates.js';

export interface CertsOptions {
  /** Names and addresses of the server, in addition to those of this machine. */
  readonly host: readonly string[];
  readonly days: number;
}

const HOUR_MS = 3_600_000;
/** Certificates of clients, by what they are. */
const CLIENTS = ['optimizer', 'viewer', 'operator'] as const;

/**
 * Makes an authority, a certificate of a server signed by it, and one for each kind of client, into a folder. Keys are for this user alone.
 * The authority's own key is kept nowhere, so that nobody can sign another certificate later.
 * @returns what was made and how to use it.
 * @throws Error when one of the files is there already; nothing is overwritten.
 */
export async function makeDevCertificates(
  folder: string,
  { host, days }: CertsOptions,
): Promise<string> {
  const nowMs = Date.now();
  // Clocks of two machines differ.
  const validity = { fromMs: nowMs - HOUR_MS, toMs: nowMs + days * 24 * HOUR_MS };
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', hostname(), ...host])];
  const authority = await Authority.make('dh-advisor certs dev', validity);
  const pairs = [
    ['server', await authority.sign({ name: 'server', hosts, ...validity })] as const,
    ...(await Promise.all(
      CLIENTS.map(
        async (name) => [name, await authority.sign({ name, hosts: [], ...validity })] as const,
      ),
    )),
  ];
  const files = [
    ['ca.crt', authority.certificate] as const,
    ...pairs.flatMap(([name, { certificate, key }]) => [
      [`${name}.crt`, certificate] as const,
      [`${name}.key`, key] as const,
    ]),
  ];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of files) writeNew(join(folder, name), text);
  return [
    `${files.length} files are in ${folder}, valid for ${days} days: for a try on machines of your own, not for a hospital`,
    `  host: tls: { certificate: ${join(folder, 'server.crt')}, key: ${join(folder, 'server.key')}, client_ca: ${join(folder, 'ca.crt')} }`,
    `  commands: --ca ${join(folder, 'ca.crt')} --certificate ${join(folder, 'operator.crt')} --key ${join(folder, 'operator.key')}`,
    `  the server is called ${hosts.join(', ')}`,
  ].join('\n');
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    const problem = `${file} is there already, and nothing is overwritten: name another folder, or remove it`;
    throw new Error(problem, { cause: thrown });
  }
}
