import { expect, it } from 'vitest';
import { OperatorAccess } from './operator-access.js';

const here = { key: 'operator.address', address: '127.0.0.1:1' };

it('needs a token where others can call, on that listener alone', () => {
  const open = { key: 'http.address', address: '0.0.0.0:1' };
  expect(() => new OperatorAccess('', here).check(undefined)).not.toThrow();
  expect(new OperatorAccess('', here).refusal).toBeUndefined();
  expect(() => new OperatorAccess('', open).check('any')).toThrow(/Changes are off/);
  expect(new OperatorAccess('', open).refusal).toMatch(/http\.address.*DH_ADVISOR_OPERATOR_TOKEN/);
  expect(() => new OperatorAccess('t', open).check('t')).not.toThrow();
  expect(new OperatorAccess('t', open).refusal).toBeUndefined();
  expect(() => new OperatorAccess('t', here).check('u')).toThrow(/operators' token/);
  expect(() => new OperatorAccess('t', here).check(undefined)).toThrow(/operators' token/);
});

it('tells a wrong token from none', () => {
  const refusal = (token: string | undefined) => () => new OperatorAccess('t', here).check(token);
  expect(refusal('u')).toThrow(/^This token is not the host's\. Changes need the operators' token/);
  expect(refusal(undefined)).toThrow(/^No token was given\. Changes need/);
  expect(refusal('')).toThrow(/^No token was given\. Changes need/);
});

it('what an optimizer asks for as an operator needs the token everywhere', () => {
  expect(() => new OperatorAccess('', here).prove('any')).toThrow(/started without DH_ADVISOR_/);
  expect(() => new OperatorAccess('t', here).prove(undefined)).toThrow(/operators' token/);
  expect(() => new OperatorAccess('t', here).prove('t')).not.toThrow();
});
