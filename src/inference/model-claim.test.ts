import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { claimOf, ModelClaims } from './model-claim.js';

const folder = fileURLToPath(new URL('../../models/convergence/3', import.meta.url));

it('says in one line what a card says first, its first figures and the cases it was trained on', () => {
  const claim = claimOf(readFileSync(`${folder}/card.md`, 'utf8'), 165);
  expect(claim).toMatch(/^[A-Z][^.]*\. Says: coverage of the central 68 % interval 0\.6817, /);
  expect(claim).toMatch(/trained on 165 cases\.$/);
  expect(claim).not.toMatch(/[\n|]/);
});

it.each([
  ['', 0, ''],
  ['# A card\n\n## Model basics\n\n| a | b |\n|---|---|\n', 3, 'Says: trained on 3 cases.'],
  ['## Model basics\n\nStarts plans. And more.\n', 0, 'Starts plans.'],
  ['## Model basics\n\nNo full stop\n\n## Evaluation\n\nNot yet.\n', 0, 'No full stop'],
])('leaves out what is not there: %j', (card, cases, claim) => {
  expect(claimOf(card, cases)).toBe(claim);
});

it('bounds what a card may say', () => {
  expect(claimOf(`## Model basics\n\n${'long '.repeat(1000)}`, 0)).toHaveLength(400);
});

it('reads a folder once, when it is asked for, and takes one that cannot be read for silent', async () => {
  const claims = new ModelClaims();
  expect(claims.of(folder)).toBe('');
  await vi.waitFor(() => expect(claims.of(folder)).toMatch(/trained on/));
  expect(claims.of('/nowhere')).toBe('');
});
