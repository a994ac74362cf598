import { expect, it } from 'vitest';
import { listenError } from './listen-error.js';

const grpc = (inner: string) =>
  new Error(`No address added out of total 1 resolved errors: [${inner}]`);

it.each([
  [grpc('listen EADDRINUSE: address already in use 127.0.0.1:1'), /another program listens there/],
  [new Error('listen EACCES: permission denied 0.0.0.0:80'), /a port above 1023/],
  [grpc('listen EADDRNOTAVAIL: address not available 10.9.9.9:1'), /has no such address/],
  [new Error('getaddrinfo ENOTFOUND nowhere'), /the name is not known/],
  [new Error('getaddrinfo EAI_AGAIN nowhere'), /cannot be looked up/],
  [new Error('something else'), /\(`http\.address`\): something else\.$/],
])('%s is told with its key, its address and what to do', (thrown, words) => {
  const error = listenError('http.address', '127.0.0.1:1', thrown);
  expect(error.code).toBe('address-unusable');
  expect(error.message).toMatch(/^The host cannot listen at 127\.0\.0\.1:1 \(`http\.address`\)/);
  expect(error.message).toMatch(words);
  expect(error.cause).toBe(thrown);
});
