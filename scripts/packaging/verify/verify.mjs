// Tries out what scripts/release made, as those who get it would: in an empty folder, without the checkout.
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { unpackCpp, verifyCpp } from './cpp.mjs';
import { verifyHost } from './host.mjs';
import { NODE_VERSIONS } from './nodes.mjs';
import { verifyWheels } from './wheels.mjs';

const root = process.cwd();
const artefacts = join(root, 'out/release');
const say = (line) => process.stdout.write(`verify: ${line}\n`);

/** The one artefact that a pattern names. */
function artefact(pattern) {
  const found = readdirSync(artefacts).filter((name) => pattern.test(name));
  if (found.length !== 1) {
    throw new Error(
      `${artefacts} has ${found.length} artefacts like ${pattern}; run scripts/release`,
    );
  }
  return join(artefacts, found[0]);
}

const folder = await mkdtemp(join(tmpdir(), 'dh-advisor-release-'));
const context = { root, folder, artefact, say };
try {
  await execa('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: artefacts });
  say('checksums are right');
  const optimizer = await unpackCpp(context);
  for (const node of NODE_VERSIONS) await verifyHost({ ...context, ...node, optimizer });
  await verifyWheels({ ...context, optimizer });
  await verifyCpp(context);
  say('everything works');
} finally {
  await rm(folder, { recursive: true, force: true });
}
