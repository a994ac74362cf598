import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { NamedToken } from '../domain/host-config.js';
import type { Caller } from '../domain/operations/access.js';
import { type ListenerAddress, OperatorAccess } from './operator-access.js';

const PLAIN = { reads: 'open', plans: 'open', certificates: [], jwt: undefined } as const;
const access = (token: string, listener: ListenerAddress, named: readonly NamedToken[] = []) =>
  new OperatorAccess({ ...PLAIN, token, named }, listener);
const shown = (token: string | undefined) => ({ token, certificate: undefined });
/** The name of whoever shows this token and asks for a change. */
const check = (guard: OperatorAccess, token: string | undefined) =>
  (guard.admit(shown(token), 'operator') as Caller).name;
const here = { key: 'operator.address', address: '127.0.0.1:1' };

it('needs a token where others can call, on that listener alone', () => {
  const open = { key: 'http.address', address: '0.0.0.0:1' };
  expect(() => check(access('', here), undefined)).not.toThrow();
  expect(access('', here).refusal).toBeUndefined();
  expect(() => check(access('', open), 'any')).toThrow(/Changes are off/);
  expect(access('', open).refusal).toMatch(/http\.address.*DH_ADVISOR_OPERATOR_TOKEN/);
  expect(() => check(access('t', open), 't')).not.toThrow();
  expect(access('t', open).refusal).toBeUndefined();
  expect(() => check(access('t', here), 'u')).toThrow(/operators' token/);
  expect(() => check(access('t', here), undefined)).toThrow(/operators' token/);
});

it('tells a wrong token from none', () => {
  const refusal = (token: string | undefined) => () => check(access('t', here), token);
  expect(refusal('u')).toThrow(/^This token is not the host's\. Changes need the operators' token/);
  expect(refusal(undefined)).toThrow(/^No token was given\. Changes need/);
  expect(refusal('')).toThrow(/^No token was given\. Changes need/);
});

it('what an optimizer asks for as an operator needs the token everywhere', () => {
  expect(() => access('', here).prove(shown('any'))).toThrow(/started without DH_ADVISOR_/);
  expect(() => access('t', here).prove(shown(undefined))).toThrow(/operators' token/);
  expect(() => access('t', here).prove(shown('t'))).not.toThrow();
});

describe('tokens with a name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-tokens-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const tokenOf = (name: string) => `a-secret-of-${name}-alone`;
  const named = ['physics', 'nights'].map((name): NamedToken => {
    const file = join(folder, name);
    writeFileSync(file, `${tokenOf(name)}\n`);
    return { name, file, roles: ['admin'] };
  });

  it('say who it is; that of the environment has none', () => {
    const guard = access('of-the-environment', here, named);
    expect(check(guard, tokenOf('physics'))).toBe('physics');
    expect(check(guard, tokenOf('nights'))).toBe('nights');
    expect(check(guard, 'of-the-environment')).toBeUndefined();
    for (const wrong of ['', 'physics', `${tokenOf('physics')}\n`, undefined]) {
      expect(() => check(guard, wrong)).toThrow(/operators' token/);
    }
  });

  it('are enough where others can call, and for forced arms', () => {
    const guard = access('', { key: 'http.address', address: '0.0.0.0:1' }, named);
    expect(guard.needsToken).toBe(true);
    expect(guard.refusal).toBeUndefined();
    expect(() => guard.prove(shown(tokenOf('physics')))).not.toThrow();
    expect(() => guard.prove(shown('another'))).toThrow(/operators' token/);
  });

  it('count as their files say now; a file without one lets nobody in, and is told', () => {
    const told: string[] = [];
    const onFaulty = (name: string, problem: string) => told.push(`${name}: ${problem}`);
    const guard = new OperatorAccess({ ...PLAIN, token: '', named, onFaulty }, here);
    writeFileSync(join(folder, 'nights'), 'a-renewed-secret-of-nights');
    expect(check(guard, 'a-renewed-secret-of-nights')).toBe('nights');
    expect(() => check(guard, tokenOf('nights'))).toThrow(/operators' token/);
    writeFileSync(join(folder, 'nights'), '');
    expect(() => check(guard, '')).toThrow(/operators' token/);
    expect(told.at(-1)).toMatch(/^nights: .*less than 16 characters/);
    expect(told.join()).not.toContain('secret');
  });
});
