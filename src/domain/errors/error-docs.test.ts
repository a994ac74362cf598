import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_CODES } from './error-codes.js';
import { errorDocs } from './error-docs.js';
import { HostError } from './host-error.js';

it('documents every code, and the committed page is the generated one', () => {
  const committed = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  expect(committed).toBe(errorDocs());
  for (const code of Object.keys(ERROR_CODES)) expect(committed).toContain(`| \`${code}\` |`);
});

it('fills parameters into the message and is recognised across copies', () => {
  const error = new HostError('session-idle', { limit: 5 });
  expect(error.message).toContain('for 5 ms');
  expect(
    HostError.is({ ...new HostError('internal'), [Symbol.for('dh-advisor/host-error')]: true }),
  ).toBe(true);
  expect(HostError.is(new Error('x'))).toBe(false);
});
