// Generates config/host.schema.json, docs/configuration.md, docs/errors.md, docs/access.md and docs/trajectory-columns.md from the compiled sources, docs/roles.md and docs/third-party.md from what stands elsewhere, the code in the guides to dH from its files, and the roles of the container's configuration from config/host.yaml; with --check it fails when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configDocs } from '../../dist/src/config/config-docs.js';
import { configJsonSchema } from '../../dist/src/config/schema/json-schema.js';
import { errorDocs } from '../../dist/src/domain/errors/error-docs.js';
import { accessDocs } from '../../dist/src/domain/operations/access-docs.js';
import { columnDocs } from '../../dist/src/storage/recordings/parquet/column-docs.js';
import { includeRegions } from './include-regions.mjs';
import { rolePages } from './role-pages.mjs';
import { thirdParty } from './third-party.mjs';

const read = (path) =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

/** The container serves what the project ships: the block `roles` of config/host.yaml, at the end of its own settings. */
function containerConfig() {
  const path = 'deploy/host.container.yaml';
  const [roles] = /^roles:\n(?: .*\n)+/m.exec(read('config/host.yaml'));
  return read(path).replace(/^roles:\n(?: .*\n?)*/m, roles);
}

const files = {
  'deploy/host.container.yaml': containerConfig(),
  'config/host.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  'docs/configuration.md': configDocs(),
  'docs/errors.md': errorDocs(),
  'docs/roles.md': rolePages(),
  'docs/access.md': accessDocs(),
  'docs/third-party.md': thirdParty(),
  'docs/trajectory-columns.md': columnDocs(),
  'docs/rtmodel-integration.md': includeRegions('docs/rtmodel-integration.md'),
  'integration/dh/README.md': includeRegions('integration/dh/README.md'),
};

for (const [path, text] of Object.entries(files)) {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${path} is stale: run "npm run gen:docs".`);
    process.exitCode = 1;
  }
}
