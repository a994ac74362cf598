// Generates src/generated from the wire contract; with --check it fails when the committed files differ.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const committed = join(root, 'src/generated');
const fresh = mkdtempSync(join(tmpdir(), 'dh-advisor-gen-'));

/** Relative path -> text of every generated file under a folder. */
function readTree(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts'),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

try {
  execFileSync(
    join(root, 'node_modules/.bin/proto-loader-gen-types'),
    [
      // Keep in step with src/transport/proto-options.ts; a unit test compares the two.
      '--longs=Number',
      '--bytes=Buffer',
      '--importFileExtension=.js',
      '--inputTemplate=%sInit',
      '--outputTemplate=%s',
      '--grpcLib=@grpc/grpc-js',
      // Relative, because the path ends up in a comment of every generated file.
      '-I',
      'proto',
      '-O',
      fresh,
      'dh/advisor/v1/plan_advisor.proto',
      'dh/advisor/v1/operator.proto',
      'inference/open_inference.proto',
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const now = readTree(fresh);
  if (process.argv.includes('--check')) {
    const then = readTree(committed);
    const stale = [...new Set([...now.keys(), ...then.keys()])].filter(
      (path) => now.get(path) !== then.get(path),
    );
    if (stale.length > 0) {
      console.error(`src/generated is stale: run "npm run gen:proto".\n  ${stale.join('\n  ')}`);
      process.exitCode = 1;
    }
  } else {
    for (const path of readTree(committed).keys()) rmSync(join(committed, path));
    cpSync(fresh, committed, { recursive: true });
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
