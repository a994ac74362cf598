import { expect, it } from 'vitest';
import { inOneSentence } from './one-sentence.js';

it.each([
  ['a word', 'a word'],
  ['/etc/host.yaml:12: roles.x Must be one of a, b.', 'Line 12: roles.x Must be one of a, b.'],
  [
    'The file is not valid:\n  host.yaml:3: a is wrong\n  host.yaml:9: b is wrong\n',
    'Line 3: a is wrong (and 1 more)',
  ],
  ['Another generation is in force.', 'Another generation is in force.'],
  ['', ''],
])('says %j in one sentence', (problem, sentence) => {
  expect(inOneSentence(problem)).toBe(sentence);
});
