import { expect, it } from 'vitest';
import { isLoopback } from './loopback.js';

it.each([
  ['127.0.0.1:1', true],
  ['127.8.0.1:1', true],
  ['localhost:1', true],
  ['[::1]:1', true],
  ['0.0.0.0:1', false],
  ['[::]:1', false],
  ['10.0.0.7:1', false],
  ['127.0.0.1.example.org:1', false],
])('%s is loopback: %s', (address, is) => {
  expect(isLoopback(address)).toBe(is);
});
