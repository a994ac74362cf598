import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configJsonSchema } from './json-schema.js';

it('equals the committed schema', () => {
  const committed = readFileSync(new URL('../../config/host.schema.json', import.meta.url), 'utf8');
  expect(committed).toBe(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
});
