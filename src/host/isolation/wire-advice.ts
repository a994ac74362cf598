import type { Role } from '../../plugin-sdk/index.js';
import type { WireAdvice } from './messages.js';
import { bytesOf, doublesOf } from './wire-bytes.js';

/** The vector in a role's advice, which goes as bytes. */
const VECTORS: Readonly<Partial<Record<Role, string>>> = {
  initialization: 'weights',
  'adaptive-variance': 'varianceGy2',
  'step-direction': 'direction',
};

/** Lists whose items are of numbers. */
const LISTS: Readonly<Partial<Record<Role, string>>> = {
  'histogram-sigma': 'structures',
  'pyramid-sigma': 'stages',
};

/** `step-direction` -> `stepDirection`, as the message names it. */
const fieldOf = (role: Role) => role.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

const isNumber = (value: unknown) => typeof value === 'number';

/**
 * Advice as it goes to the host. Whatever is in it, the host judges; only what is not even of its form can't go.
 * @throws Error saying what is not.
 */
export function encodeAdvice(role: Role, value: unknown): WireAdvice {
  if (typeof value !== 'object' || value === null) {
    throw new Error(`advice must be an object, not ${value === null ? 'null' : typeof value}`);
  }
  const { outOfDistributionScore, ...given } = value as Readonly<Record<string, unknown>>;
  const score = numberOrAbsent(outOfDistributionScore, 'outOfDistributionScore');
  const fields: Record<string, unknown> = { ...given };
  const vector = VECTORS[role];
  if (vector !== undefined) fields[vector] = bytesOf(vectorOf(given[vector], vector));
  const list = LISTS[role];
  if (list !== undefined) checkList(fields[list], list);
  for (const name of [
    'stepLength',
    'predictedFinalObjective',
    'predictedStandardDeviation',
  ] as const) {
    if (name in fields) numberOrAbsent(fields[name], name);
  }
  for (const name of ['space', 'decision', 'explanation']) {
    if (name in fields) textOrAbsent(fields[name], name);
  }
  return { outOfDistributionScore: score, [fieldOf(role)]: fields };
}

/** @throws Error when it is not of the role. */
export function decodeAdvice(role: Role, wire: WireAdvice): unknown {
  const sent = wire[fieldOf(role)] as Readonly<Record<string, unknown>> | null | undefined;
  if (!sent) throw new Error(`the answer is not of role ${role}`);
  const vector = VECTORS[role];
  const fields: Record<string, unknown> = { ...sent };
  if (vector !== undefined) fields[vector] = doublesOf(sent[vector] as Uint8Array);
  const { outOfDistributionScore: score } = wire;
  return score === undefined ? fields : { ...fields, outOfDistributionScore: score };
}

function numberOrAbsent(value: unknown, name: string): number | undefined {
  if (value === undefined || isNumber(value)) return value as number | undefined;
  throw new Error(`\`${name}\` must be a number, not ${typeof value}`);
}

function textOrAbsent(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'string') {
    throw new Error(`\`${name}\` must be a text, not ${typeof value}`);
  }
}

function vectorOf(value: unknown, name: string): Float64Array {
  const isVector = Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
  const numbers = isVector ? (value as ArrayLike<unknown>) : [];
  if (!isVector) throw new Error(`\`${name}\` must be a vector of numbers`);
  if (value instanceof Float64Array) return value;
  for (let i = 0; i < numbers.length; i += 1) {
    if (!isNumber(numbers[i])) throw new Error(`\`${name}[${i}]\` must be a number`);
  }
  return Float64Array.from(numbers as ArrayLike<number>);
}

function checkList(value: unknown, name: string): void {
  if (!Array.isArray(value)) throw new Error(`\`${name}\` must be a list`);
  for (const [index, item] of value.entries()) {
    const isRecord = typeof item === 'object' && item !== null;
    if (!isRecord || !Object.values(item as object).every(isNumber)) {
      throw new Error(`\`${name}[${index}]\` must be an object of numbers`);
    }
  }
}
