import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { REASON_WORDS } from './reason-words.js';

const sources = ['domain/advice', 'host', 'plugin-sdk'].flatMap((room) => {
  const folder = fileURLToPath(new URL(`../../${room}/`, import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(?!dist|node_modules).*\.ts$/.test(name))
    .filter((name) => !/\.test\.ts$|reason-words\.ts$/.test(name))
    .map((name) => readFileSync(`${folder}${name}`, 'utf8'));
});

/** Words in the places from which reasons come. */
const said = sources.flatMap((text) =>
  [
    /\bnoAdvice\(\s*'[a-z-]+',\s*'([a-z-]+)'/g,
    /\b(?:clamped|goOn)\([^;]*?'([a-z-]+)',?\s*\)/g,
    /\breason (?:\|\|)?= '([a-z-]+)'/g,
    /\breason \|\| '([a-z-]+)'/g,
    /\bnew DeadlineMissed\('([a-z-]+)'\)/g,
    /\breadonly policy = '([a-z-]+)'/g,
    /: Float64Array \| '([a-z-]+)' \| '[a-z-]+'/g,
  ].flatMap((pattern) => [...text.matchAll(pattern)].map(([, word]) => word as string)),
);

it('reads the places from which reasons come', () => {
  expect(said).toEqual(expect.arrayContaining(['no-advice', 'late', 'too-early', 'invalid-input']));
});

it.each([...new Set(said)])('tells what %s means', (word) => {
  expect(Object.keys(REASON_WORDS)).toContain(word);
});

it.each(Object.keys(REASON_WORDS))('is said somewhere: %s', (word) => {
  expect(sources.some((text) => text.includes(`'${word}'`))).toBe(true);
});
