// The host as one tarball that `npm install -g` takes without a registry, without install scripts and with the dependencies it was
// tested with: what `npm pack` packs, and beside it the production dependencies of this checkout for this platform. docs/adr/0100.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { execa } from 'execa';

/** The platform that this checkout's dependencies were installed for. */
export function thisPlatform() {
  const isGlibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
  const libc = process.platform === 'linux' ? (isGlibc ? 'glibc' : 'musl') : undefined;
  return { os: process.platform, cpu: process.arch, libc };
}

/** Such as `linux-x64`. */
export function platformName({ os, cpu, libc }) {
  return `${os}-${cpu}${libc === 'musl' ? '-musl' : ''}`;
}

/** The C library that a package is for; some tell it by their name alone. */
function libcOf({ name = '', libc }) {
  if (libc !== undefined) return libc;
  if (name.endsWith('-musl')) return ['musl'];
  return name.endsWith('-gnu') ? ['glibc'] : undefined;
}

/** Whether a package says that it is for this platform; most say nothing, and are for all. */
export function isFor({ os, cpu, libc }, manifest) {
  const admits = (wanted, value) => wanted === undefined || wanted.includes(value);
  return (
    admits(manifest.os, os) && admits(manifest.cpu, cpu) && admits(libcOf(manifest), libc ?? 'none')
  );
}

/** What authors of plugins compile against; other types, and sources of what is compiled, are of no use to a running host. */
const TYPED = ['zod', '@dh-advisor/plugin-sdk'];
const COMPILE_TIME = /\.(?:[cm]?ts|map|tsbuildinfo|flow|c|h|cc|cpp|gypi?)$/;
const SOURCES = /^src\/.*\.ts$/;
const READING_MATTER = /(?:^|\/)(?!README|LICEN|NOTICE|COPYING)[^/]+\.(?:md|markdown|svg|png)$/i;
const RUNTIMES = join('onnxruntime-node', 'bin', 'napi-v6');

/** Whether a file of a dependency goes along. `path` is relative to the package. */
export function isNeeded(name, path, { os, cpu }) {
  if ((TYPED.includes(name) ? SOURCES : COMPILE_TIME).test(path)) return false;
  if (READING_MATTER.test(path)) return false;
  const runtime = relative(RUNTIMES, join(name, path)).split(sep);
  // ONNX Runtime comes for six platforms in one package.
  if (name !== 'onnxruntime-node' || runtime[0] === '..') return true;
  const [forOs, forCpu] = runtime;
  return [os, '', undefined].includes(forOs) && [cpu, undefined].includes(forCpu);
}

/** Folders of the production dependencies, as npm sees them; it fails when they are not those of package-lock.json. */
async function productionFolders(root) {
  const list = ['ls', '--omit=dev', '--all', '--parseable'];
  const { stdout } = await execa('npm', list, { cwd: root });
  return stdout.split('\n').filter((path) => path.includes(`${sep}node_modules${sep}`));
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);

/** A manifest without what would have npm run a script or look for packages of other platforms. */
function bundledManifest({ scripts, devDependencies, optionalDependencies = {}, ...rest }, isHere) {
  const optional = Object.entries(optionalDependencies).filter(([name]) => isHere(name));
  return optional.length === 0
    ? rest
    : { ...rest, optionalDependencies: Object.fromEntries(optional) };
}

function copyDependency(folder, target, name, platform) {
  cpSync(folder, target, {
    recursive: true,
    filter: (source) => {
      const path = relative(folder, source);
      return path.split(sep)[0] !== 'node_modules' && isNeeded(name, path, platform);
    },
  });
}

/** The host as it is installed, in the folder `package` of an empty folder; the name of its tarball. */
async function stageHost(root, stage, platform) {
  if (!existsSync(join(root, 'dist/src/main.js'))) {
    throw new Error(`${root} is not built: run \`npm run build\``);
  }
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', stage], { cwd: root });
  const [tarball] = readdirSync(stage);
  await execa('tar', ['-xzf', tarball], { cwd: stage });
  const folder = join(stage, 'package');
  for (const source of await productionFolders(root)) {
    const path = relative(root, source);
    const name = path.split(`node_modules${sep}`).at(-1);
    const manifest = readJson(join(source, 'package.json'));
    if (!isFor(platform, manifest) || existsSync(join(folder, path))) continue;
    copyDependency(source, join(folder, path), name, platform);
    writeJson(
      join(folder, path, 'package.json'),
      bundledManifest(manifest, (optional) => {
        const file = join(root, 'node_modules', optional, 'package.json');
        return existsSync(file) && isFor(platform, readJson(file));
      }),
    );
  }
  removeOwnTypes(join(folder, 'dist'));
  writeHostManifest(folder, platform);
  return tarball;
}

/**
 * Packs the host that is built in `root` into `into`, and writes its bill of materials (CycloneDX) beside it.
 * @returns paths of both.
 * @throws when the checkout is not built, or its dependencies are not those of its lock file.
 */
export async function packHost({ root, into, platform = thisPlatform() }) {
  const stage = mkdtempSync(join(tmpdir(), 'dh-advisor-pack-'));
  try {
    const tarball = await stageHost(root, stage, platform);
    const folder = join(stage, 'package');
    mkdirSync(into, { recursive: true });
    const target = join(into, `${basename(tarball, '.tgz')}-${platformName(platform)}`);
    await writeBillOfMaterials(folder, `${target}.cdx.json`);
    // Of the same name, over the first.
    await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', stage], { cwd: folder });
    cpSync(join(stage, tarball), `${target}.tgz`);
    return { tarball: `${target}.tgz`, sbom: `${target}.cdx.json` };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The same as a folder, for images of containers. */
export async function unpackHost({ root, into, platform = thisPlatform() }) {
  const stage = mkdtempSync(join(tmpdir(), 'dh-advisor-pack-'));
  try {
    await stageHost(root, stage, platform);
    cpSync(join(stage, 'package'), into, { recursive: true });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Of the host itself; authors of plugins compile against the plugin SDK alone. */
function removeOwnTypes(dist) {
  for (const path of readdirSync(dist, { recursive: true })) {
    if (path.endsWith('.d.ts') && !path.startsWith(join('src', 'plugin-sdk')))
      rmSync(join(dist, path));
  }
}

function writeHostManifest(folder, { os, cpu, libc }) {
  const { scripts, devDependencies, workspaces, allowScripts, ...manifest } = readJson(
    join(folder, 'package.json'),
  );
  manifest.bundleDependencies = Object.keys(manifest.dependencies);
  Object.assign(manifest, { os: [os], cpu: [cpu] }, libc === undefined ? {} : { libc: [libc] });
  // All of what lies here; npm's own choice of files was made before.
  delete manifest.files;
  writeJson(join(folder, 'package.json'), manifest);
}

/** CycloneDX, of what is in the folder of a package and not of what its manifest admits. */
export async function writeBillOfMaterials(folder, file) {
  const format = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const { stdout } = await execa('npm', ['sbom', ...format], { cwd: folder });
  const bom = JSON.parse(stdout);
  // npm takes the name of the folder.
  bom.metadata.component.name = readJson(join(folder, 'package.json')).name;
  writeJson(file, bom);
}
