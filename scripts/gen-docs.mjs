// Generates config/host.schema.json, docs/configuration.md, docs/errors.md and docs/trajectory-columns.md from the compiled sources, and the code in the guides to dH from its files; with --check it fails when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configDocs } from '../dist/src/config/config-docs.js';
import { configJsonSchema } from '../dist/src/config/json-schema.js';
import { errorDocs } from '../dist/src/domain/errors/error-docs.js';
import { columnDocs } from '../dist/src/storage/recordings/parquet/column-docs.js';
import { includeRegions } from './include-regions.mjs';

const files = {
  'config/host.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  'docs/configuration.md': configDocs(),
  'docs/errors.md': errorDocs(),
  'docs/trajectory-columns.md': columnDocs(),
  'docs/rtmodel-integration.md': includeRegions('docs/rtmodel-integration.md'),
  'integration/dh/README.md': includeRegions('integration/dh/README.md'),
};

for (const [path, text] of Object.entries(files)) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${path} is stale: run "npm run gen:docs".`);
    process.exitCode = 1;
  }
}
