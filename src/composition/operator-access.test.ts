import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { NamedToken } from '../domain/host-config.js';
import { type ListenerAddress, OperatorAccess } from './operator-access.js';

const access = (token: string, listener: ListenerAddress, named: readonly NamedToken[] = []) =>
  new OperatorAccess({ token, named }, listener);
const here = { key: 'operator.address', address: '127.0.0.1:1' };

it('needs a token where others can call, on that listener alone', () => {
  const open = { key: 'http.address', address: '0.0.0.0:1' };
  expect(() => access('', here).check(undefined)).not.toThrow();
  expect(access('', here).refusal).toBeUndefined();
  expect(() => access('', open).check('any')).toThrow(/Changes are off/);
  expect(access('', open).refusal).toMatch(/http\.address.*DH_ADVISOR_OPERATOR_TOKEN/);
  expect(() => access('t', open).check('t')).not.toThrow();
  expect(access('t', open).refusal).toBeUndefined();
  expect(() => access('t', here).check('u')).toThrow(/operators' token/);
  expect(() => access('t', here).check(undefined)).toThrow(/operators' token/);
});

it('tells a wrong token from none', () => {
  const refusal = (token: string | undefined) => () => access('t', here).check(token);
  expect(refusal('u')).toThrow(/^This token is not the host's\. Changes need the operators' token/);
  expect(refusal(undefined)).toThrow(/^No token was given\. Changes need/);
  expect(refusal('')).toThrow(/^No token was given\. Changes need/);
});

it('what an optimizer asks for as an operator needs the token everywhere', () => {
  expect(() => access('', here).prove('any')).toThrow(/started without DH_ADVISOR_/);
  expect(() => access('t', here).prove(undefined)).toThrow(/operators' token/);
  expect(() => access('t', here).prove('t')).not.toThrow();
});

describe('tokens with a name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-tokens-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const tokenOf = (name: string) => `a-secret-of-${name}-alone`;
  const named = ['physics', 'nights'].map((name): NamedToken => {
    const file = join(folder, name);
    writeFileSync(file, `${tokenOf(name)}\n`);
    return { name, file };
  });

  it('say who it is; that of the environment has none', () => {
    const guard = access('of-the-environment', here, named);
    expect(guard.check(tokenOf('physics'))).toBe('physics');
    expect(guard.check(tokenOf('nights'))).toBe('nights');
    expect(guard.check('of-the-environment')).toBeUndefined();
    for (const wrong of ['', 'physics', `${tokenOf('physics')}\n`, undefined]) {
      expect(() => guard.check(wrong)).toThrow(/operators' token/);
    }
  });

  it('are enough where others can call, and for forced arms', () => {
    const guard = access('', { key: 'http.address', address: '0.0.0.0:1' }, named);
    expect(guard.needsToken).toBe(true);
    expect(guard.refusal).toBeUndefined();
    expect(() => guard.prove(tokenOf('physics'))).not.toThrow();
    expect(() => guard.prove('another')).toThrow(/operators' token/);
  });

  it('count as their files say now; a file without one lets nobody in, and is told', () => {
    const told: string[] = [];
    const onFaulty = (name: string, problem: string) => told.push(`${name}: ${problem}`);
    const guard = new OperatorAccess({ token: '', named, onFaulty }, here);
    writeFileSync(join(folder, 'nights'), 'a-renewed-secret-of-nights');
    expect(guard.check('a-renewed-secret-of-nights')).toBe('nights');
    expect(() => guard.check(tokenOf('nights'))).toThrow(/operators' token/);
    writeFileSync(join(folder, 'nights'), '');
    expect(() => guard.check('')).toThrow(/operators' token/);
    expect(told.at(-1)).toMatch(/^nights: .*less than 16 characters/);
    expect(told.join()).not.toContain('secret');
  });
});
