import { expect, it } from 'vitest';
import { testConfig } from '../domain/testing/test-config.js';
import { isLoopback, OperatorAccess } from './operator-access.js';

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

it('needs a token where others can call, whichever address it is', () => {
  const config = testConfig();
  expect(() => new OperatorAccess('', config).check(undefined)).not.toThrow();
  for (const open of [{ operatorAddress: '0.0.0.0:1' }, { httpAddress: 'host:1' }]) {
    expect(() => new OperatorAccess('', { ...config, ...open }).check('any')).toThrow(
      /Changes are off/,
    );
    expect(() => new OperatorAccess('t', { ...config, ...open }).check('t')).not.toThrow();
  }
  expect(() => new OperatorAccess('t', config).check('u')).toThrow(/operators' token/);
  expect(() => new OperatorAccess('t', config).check(undefined)).toThrow(/operators' token/);
});

it('what an optimizer asks for as an operator needs the token everywhere', () => {
  const config = testConfig();
  expect(() => new OperatorAccess('', config).prove('any')).toThrow(/started without DH_ADVISOR_/);
  expect(() => new OperatorAccess('t', config).prove(undefined)).toThrow(/operators' token/);
  expect(() => new OperatorAccess('t', config).prove('t')).not.toThrow();
});
