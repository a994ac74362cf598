// The host's tarball on one version of Node: installed, configured, served, asked by the optimizer, stopped.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { productVersion } from '../versions.mjs';
import { InstalledHost, onFreePorts } from './installed-host.mjs';
import { nodeFolder } from './nodes.mjs';

const MOST_MB = 150;

const prefixOf = (folder, version) => join(folder, `installed-by-${version}`);

/** The host in a folder of its own, run by a version of Node, as another one may have installed it. */
export async function openHost({ root, folder, version, installedBy = version, name = version }) {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const host = new InstalledHost(
    place,
    await nodeFolder(root, version),
    prefixOf(folder, installedBy),
  );
  assert.equal((await host.run('node', ['--version'])).stdout, `v${version}`);
  return host;
}

async function installs(host, { root, artefact, version, say }) {
  const startMs = performance.now();
  await host.install(artefact(/^dh-advisor-\d.*\.tgz$/));
  const tookMs = performance.now() - startMs;
  const sizeMb = await host.installedMb();
  assert.ok(sizeMb < MOST_MB, `${sizeMb} MB are installed, more than ${MOST_MB}`);
  assert.equal((await host.advisor('--version')).stdout, productVersion(root));
  say(
    `Node ${version}: installed without a registry in ${(tookMs / 1000).toFixed(0)} s, ${sizeMb} MB`,
  );
}

async function writesConfiguration(host) {
  assert.match((await host.advisor('--help')).stdout, /serve .*\n.*init /);
  const { stdout } = await host.advisor('init', 'configuration');
  const config = 'configuration/host.yaml';
  assert.match(stdout, /dh-advisor serve --config configuration\/host\.yaml/);
  await assert.rejects(host.advisor('init', 'configuration'), /is there already/);
  assert.match((await host.advisor('config', 'check', config)).stdout, /valid/);
  onFreePorts(join(host.folder, config));
  return config;
}

/** A phantom, planned with advice. */
async function plans(host, { rtmodel, env }) {
  const run = (...args) => host.run(rtmodel, args, { env });
  await run('phantom', '--kind=c-shape', 'case');
  const coarse = ['--beamlet-mm=10', '--max-iterations=12', '--threads=1', '--quiet'];
  const patient = ['--iteration-deadline-ms=10000', '--start-deadline-ms=10000'];
  const asks = [`--advisor=${host.address}`, '--require-advice', '--solver=dh'];
  await run(
    'optimize',
    'case',
    ...coarse,
    ...patient,
    ...asks,
    '--out=plan.json',
    '--dose=dose.nii.gz',
  );
  const { advice } = JSON.parse(readFileSync(join(host.folder, 'plan.json'), 'utf8'));
  const answered = advice.roles.filter(({ accepted }) => accepted > 0).map(({ role }) => role);
  assert.equal(advice.status, 'ok');
  assert.ok(answered.length >= 2, `a plan took advice of ${answered.join(', ') || 'no role'}`);
  return answered;
}

async function operates(host) {
  const who = ['--as', 'release', '--reason', 'a try'];
  const page = await fetch(`http://${host.httpAddress}/`);
  assert.match(await page.text(), /\/assets\//);
  await host.advisor('stop-advice', ...who);
  assert.match((await host.advisor('status')).stdout, /stopped/i);
  await host.advisor('resume-advice', ...who);
}

/** `installedBy`: the version that has installed it before; absent: it is installed here. */
export async function verifyHost(context) {
  const { installedBy, optimizer, version, say } = context;
  const host = await openHost(context);
  if (installedBy === undefined) await installs(host, context);
  const config = await writesConfiguration(host);
  await host.serve(config);
  try {
    assert.ok(await host.isHealthy(), 'its health check fails');
    const roles = await plans(host, optimizer);
    await operates(host);
    say(`Node ${version}: serves, healthy, advises a plan (${roles.join(', ')}), stops all advice`);
  } finally {
    assert.equal(await host.stop(), 0);
  }
}
