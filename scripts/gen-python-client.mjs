// Generates the Python client's code of the wire contract (clients/python/src/dh_advisor_client/wire/generated) with the protoc of .venv, so
// that its wheel needs none; with --check it fails when the committed files differ.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const python = join(root, '.venv/bin/python');
const committed = join(root, 'clients/python/src/dh_advisor_client/wire/generated');
/** What a client speaks; the operators' service is not its business. */
const PROTOS = ['roles', 'tensor', 'plan', 'advice', 'plan_advisor'];

/** Name -> text. Imports become those of the package, so that no other package's `dh` is in the way. */
function generate(folder) {
  const files = PROTOS.map((name) => `dh/advisor/v1/${name}.proto`);
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
  const made = join(folder, 'dh/advisor/v1');
  const texts = readdirSync(made).map((name) => [
    name,
    readFileSync(join(made, name), 'utf8').replaceAll(
      /^from dh\.advisor\.v1 import /gm,
      'from dh_advisor_client.wire.generated import ',
    ),
  ]);
  return new Map([...texts, ['__init__.py', '"""Generated from proto/dh/advisor/v1."""\n']]);
}

if (!existsSync(python)) {
  console.error('gen-python-client: there is no .venv; run "scripts/setup --tests" first.');
  process.exit(1);
}
const fresh = mkdtempSync(join(tmpdir(), 'dh-advisor-gen-'));
try {
  const texts = generate(fresh);
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
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
