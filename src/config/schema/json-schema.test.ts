import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configDocs } from '../config-docs.js';
import { configJsonSchema } from './json-schema.js';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it('equals the committed schema', () => {
  const committed = read('config/host.schema.json');
  expect(committed).toBe(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
});

it('is documented key by key, and the committed page is the generated one', () => {
  const committed = read('docs/configuration.md');
  expect(committed).toBe(configDocs());
  expect(committed).toContain('| `roles.early-stopping.deadline_ms` | number | `50` |');
});
