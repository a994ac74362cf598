import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './doc-examples.js';

/** Packs a folder as npm does, the scripts of the package included unless told otherwise, and returns the tarball. */
export function packed(folder: string, into: string, options: readonly string[] = []): string {
  const target = mkdtempSync(join(into, 'packed-'));
  const pack = ['pack', '--pack-destination', target, ...options];
  execFileSync('npm', pack, { cwd: folder, stdio: 'pipe' });
  const [name = ''] = readdirSync(target);
  return join(target, name);
}

/**
 * A registry with some of the packages that this checkout has installed, so that an installation in a test is npm's own
 * and needs no network. `environment` makes npm ask it.
 */
export async function startRegistry(names: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-registry-'));
  const tarballs = new Map(
    names.map((name) => [
      name,
      packed(join(root, 'node_modules', name), folder, ['--ignore-scripts']),
    ]),
  );
  const server = createServer((request, response) => {
    const [, name = '', file] = request.url?.split('/') ?? [];
    const tarball = tarballs.get(name);
    if (tarball === undefined) response.writeHead(404).end();
    else if (file !== undefined) response.end(readFileSync(tarball));
    else {
      const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
      const manifest = JSON.parse(text) as { readonly version: string };
      const dist = { tarball: `http://${request.headers.host}/${name}/tarball` };
      const { version } = manifest;
      const versions = { [version]: { ...manifest, dist } };
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_cache: join(folder, 'cache'),
      npm_config_audit: 'false',
      npm_config_update_notifier: 'false',
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
