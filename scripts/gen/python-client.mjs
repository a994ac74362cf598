// Generates the code of messages in Python with the protoc of .venv, so that wheels need none: of the wire contract for the client
// (clients/python/src/dh_advisor_client/wire/generated), and of plugins in processes of their own (clients/python-plugin/src/dh_advisor_plugin/wire).
// With --check it fails when the committed files differ.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const python = join(root, '.venv/bin/python');
const PACKAGES = [
  {
    committed: 'clients/python/src/dh_advisor_client/wire/generated',
    module: 'dh_advisor_client.wire.generated',
    folder: 'dh/advisor/v1',
    // What a client speaks; the operators' service is not its business.
    protos: ['roles', 'tensor', 'plan', 'advice', 'plan_advisor'],
  },
  {
    committed: 'clients/python-plugin/src/dh_advisor_plugin/wire',
    module: 'dh_advisor_plugin.wire',
    folder: 'dh/plugin/v1',
    protos: ['plugin'],
  },
];

/** Name -> text. Imports become those of the package, so that no other package's `dh` is in the way. */
function generate(folder, { folder: from, protos, module }) {
  const files = protos.map((name) => `${from}/${name}.proto`);
  execFileSync(
    python,
    [
      '-m',
      'grpc_tools.protoc',
      '-I',
      'proto',
      `--python_out=${folder}`,
      `--pyi_out=${folder}`,
      ...files,
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const made = join(folder, from);
  const texts = readdirSync(made).map((name) => [
    name,
    readFileSync(join(made, name), 'utf8').replaceAll(
      /^from dh\.\w+\.v1 import /gm,
      `from ${module} import `,
    ),
  ]);
  return new Map([...texts, ['__init__.py', `"""Generated from proto/${from}."""\n`]]);
}

if (!existsSync(python)) {
  console.error('python-client: there is no .venv; run "scripts/setup --tests" first.');
  process.exit(1);
}
/** Writes the code of a package, or says what of it is stale. */
function bring(fresh, wanted) {
  const committed = join(root, wanted.committed);
  const texts = generate(fresh, wanted);
  const isCode = (name) => /\.pyi?$/.test(name);
  const there = existsSync(committed) ? readdirSync(committed).filter(isCode) : [];
  const read = (name) => (there.includes(name) ? readFileSync(join(committed, name), 'utf8') : '');
  const names = [...new Set([...texts.keys(), ...there])];
  const stale = names.filter((name) => texts.get(name) !== read(name));
  if (process.argv.includes('--check')) {
    if (stale.length > 0) {
      console.error(`${committed} is stale: run "npm run gen:proto".\n  ${stale.join('\n  ')}`);
      process.exitCode = 1;
    }
  } else {
    for (const name of there) rmSync(join(committed, name));
    for (const [name, text] of texts) writeFileSync(join(committed, name), text);
  }
}

for (const wanted of PACKAGES) {
  const fresh = mkdtempSync(join(tmpdir(), 'dh-advisor-gen-'));
  try {
    bring(fresh, wanted);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
