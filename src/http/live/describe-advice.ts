import type { Advice } from '../../domain/advice/advice.js';
import type { AdviceOf, Role } from '../../plugin-sdk/index.js';

const texts: { readonly [R in Role]: (value: AdviceOf<R>) => string } = {
  initialization: ({ weights }) => `start weights of ${weights.length} beamlets`,
  'histogram-sigma': ({ structures }) => {
    const sigmas = structures.map(({ histogramSigmaGy }) => histogramSigmaGy);
    const range = `${figure(Math.min(...sigmas))} to ${figure(Math.max(...sigmas))} Gy`;
    return sigmas.length === 0 ? 'no structure' : `${sigmas.length} structures, ${range}`;
  },
  'pyramid-sigma': ({ stages }) =>
    stages
      .map(({ level, histogramSigmaGy }) => `level ${level} at ${figure(histogramSigmaGy)} Gy`)
      .join(', '),
  'adaptive-variance': ({ varianceGy2 }) => `variance of ${varianceGy2.length} beamlets`,
  'step-direction': ({ direction, space }) => `direction of ${direction.length} ${space}`,
  'early-stopping': ({ decision, explanation = '' }) =>
    explanation === '' ? decision : `${decision}: ${explanation}`,
};

/** A plugin may explain itself at any length. */
const MAX_LENGTH = 300;

/** Advice in words, for people; empty without a value. */
export function describeAdvice<R extends Role>({ role, value }: Advice<R>): string {
  return value === undefined ? '' : shorten(texts[role](value), MAX_LENGTH);
}

export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
