// The wheels, in environments of their own: pyRadPlan's phantom is planned with the installed host's advice.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { openHost } from './host.mjs';
import { NEWEST, OLDEST } from './nodes.mjs';

const QUIET = { OPENBLAS_NUM_THREADS: '1', TQDM_DISABLE: '1', PYTHONDONTWRITEBYTECODE: '1' };
const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];

/** An empty virtual environment of Debian's Python; its program. */
async function environment(folder, name) {
  await execa('/usr/bin/python3', ['-m', 'venv', join(folder, name)]);
  return join(folder, name, 'bin/python');
}

/** The example of the client, from its wheel, against a host that has its configuration. */
async function verifyClient(context) {
  const { root, folder, artefact, say } = context;
  const python = await environment(folder, 'client');
  const lock = join(root, 'clients/python/requirements.lock');
  const fetched = join(root, 'build/client-wheels');
  // scripts/setup --tests has fetched them; elsewhere they come from PyPI.
  const source = existsSync(fetched) ? ['--no-index', '--find-links', fetched] : [];
  await execa(python, [...PIP, '--no-deps', ...source, '-r', lock]);
  const wheels = [artefact(/^dh_advisor_client-.*\.whl$/), artefact(/^dh_advisor_plugin-.*\.whl$/)];
  await execa(python, [...PIP, '--no-deps', '--no-index', ...wheels]);
  const host = await openHost({ ...context, version: NEWEST, name: 'example' });
  const place = host.folder;
  cpSync(join(root, 'clients/python/examples/advise_pyradplan.py'), join(place, 'advise.py'));
  await verifyPlugin(host, python, context);
  const config = join(place, 'host.yaml');
  const addresses = ['server', 'operator', 'http'].map(
    (key) => `${key}: { address: '127.0.0.1:0' }\n`,
  );
  const example = readFileSync(join(root, 'clients/python/examples/host.yaml'), 'utf8');
  writeFileSync(config, example + addresses.join(''));
  await host.serve(config);
  try {
    const run = ['-I', '-W', 'ignore', 'advise.py', host.address];
    const { stdout } = await execa(python, run, { cwd: place, env: QUIET });
    assert.match(stdout, /start advised: True/);
    assert.match(stdout, /; ok$/m);
    say(`pyRadPlan's phantom is advised: ${stdout.split('\n').join(' | ')}`);
  } finally {
    await host.stop();
  }
}

/** The plugin of the guide that the installed host has, by the rules of that host. */
async function verifyPlugin(host, python, { say }) {
  const guide = readFileSync(join(host.package, 'docs/write-a-plugin-in-python.md'), 'utf8');
  const files = guide.matchAll(/^`(plugins\/[^`]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm);
  for (const [, file, text] of files) {
    mkdirSync(dirname(join(host.folder, file)), { recursive: true });
    writeFileSync(join(host.folder, file), text);
  }
  const check = ['-I', '-m', 'dh_advisor_plugin', 'check', 'plugins/narrowing-variance'];
  const { stdout } = await host.run(python, check);
  say(`a plugin in Python keeps the contract: ${stdout.trim().split('\n').at(-1)}`);
}

/** What a plan of the optimizer becomes for other programs. */
async function verifyCases({ folder, artefact, say }) {
  const python = await environment(folder, 'cases');
  await execa(python, [...PIP, artefact(/^dh_cases-.*\.whl$/)]);
  const plan = join(folder, OLDEST);
  const files = ['--result', 'plan.json', '--dose', 'dose.nii.gz'];
  const command = join(folder, 'cases/bin/dh-cases');
  await execa(command, ['export', 'case', ...files, '--out', 'exported'], { cwd: plan });
  for (const name of ['weights.csv', 'dose.nii.gz', 'dose.dcm']) {
    assert.ok(existsSync(join(plan, 'exported', name)), `dh-cases wrote no ${name}`);
  }
  say('dh-cases gives a plan to other programs');
}

/** Training needs PyTorch, which scripts/setup --tests takes from Debian. */
async function verifyTraining({ root, folder, artefact, say }) {
  const python = join(root, '.venv/bin/python');
  if (!existsSync(python)) {
    say('NOT VERIFIED: the wheel of dh-train, for want of PyTorch; run scripts/setup --tests');
    return;
  }
  const site = join(folder, 'training');
  await execa(python, [
    ...PIP,
    '--no-deps',
    '--no-index',
    '--target',
    site,
    artefact(/^dh_training-.*\.whl$/),
  ]);
  const program =
    'import dh_training, dh_training.wire as w; print(dh_training.__file__, w.__file__)';
  const { stdout } = await execa(python, ['-c', program], {
    cwd: folder,
    env: { PYTHONPATH: site },
  });
  assert.ok(
    stdout.split(' ').every((path) => path.startsWith(site)),
    stdout,
  );
  const help = await execa(join(site, 'bin/dh-train'), ['--help'], {
    cwd: folder,
    env: { PYTHONPATH: site },
  });
  assert.match(help.stdout, /verify/);
  say('dh-train runs from its wheel');
}

export async function verifyWheels(context) {
  await verifyClient(context);
  await verifyCases(context);
  await verifyTraining(context);
}
