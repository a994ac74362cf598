// Makes what is released, each kind into the same folder.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packHost } from './host-package.mjs';

const isBuilt = (path) =>
  /(?:^|\/)(?:build|dist|\.venv|__pycache__|[^/]+\.egg-info)(?:$|\/)/.test(path);

/** Python packages, and the lock file of what each is tested with. */
const WHEELS = [
  { folder: 'clients/python', lock: 'clients/python/requirements.lock' },
  { folder: 'clients/python-plugin', lock: 'clients/python/requirements.lock' },
  { folder: 'python/cases', lock: 'python/requirements.lock' },
  { folder: 'python', lock: 'python/requirements.lock' },
];

const python = (root) => join(root, 'build/release-venv/bin/python');

/** The host with its dependencies, and the package that plugins are written with. */
export async function makeNpmPackages({ root, into }) {
  await packHost({ root, into });
  const sdk = join(root, 'src/plugin-sdk');
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', into], { cwd: sdk });
}

/** Wheels from copies, so that nothing of a build before is in them. */
export async function makeWheels({ root, into }) {
  const stage = mkdtempSync(join(tmpdir(), 'dh-advisor-wheels-'));
  try {
    for (const [index, { folder, lock }] of WHEELS.entries()) {
      const copy = join(stage, String(index));
      cpSync(join(root, folder), copy, {
        recursive: true,
        filter: (path) => !isBuilt(path.slice(root.length)),
      });
      const out = join(stage, `wheel-${index}`);
      const build = ['-m', 'build', '--wheel', '--no-isolation', '--outdir', out, copy];
      await execa(python(root), build);
      const [wheel] = readdirSync(out);
      cpSync(join(out, wheel), join(into, wheel));
      const sbom = join(into, `${wheel.split('-').slice(0, 2).join('-')}.cdx.json`);
      const options = ['--pyproject', join(root, folder, 'pyproject.toml'), '--mc-type', 'library'];
      const format = ['--sv', '1.5', '--of', 'JSON', '-o', sbom, join(root, lock)];
      const write = ['-m', 'cyclonedx_py', 'requirements', ...options, ...format];
      await execa(python(root), write);
    }
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Debian packages of the optimizer and of the client library, and the library once more as an archive with its CMake package. */
export async function makeCppPackages({ root, into }) {
  const build = join(root, 'build/cpp-package');
  const stage = mkdtempSync(join(tmpdir(), 'dh-advisor-cpack-'));
  try {
    await execa('cpack', ['-G', 'DEB', '-B', stage], { cwd: build });
    await execa('cpack', ['-G', 'TGZ', '-B', stage, '-D', 'CPACK_COMPONENTS_ALL=sdk'], {
      cwd: build,
    });
    const [, lbfgspp] = /^LBFGSPP_VERSION=(.+)$/m.exec(
      readFileSync(join(root, 'scripts/setup'), 'utf8'),
    );
    for (const file of readdirSync(stage).filter((name) => /\.(?:deb|tar\.gz)$/.test(name))) {
      cpSync(join(stage, file), join(into, file));
      if (!file.endsWith('.deb')) continue;
      const sbom = join(into, file.replace(/\.deb$/, '.cdx.json'));
      const script = join(root, 'scripts/packaging/cpp_sbom.py');
      await execa(python(root), [script, join(into, file), lbfgspp, sbom]);
    }
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
