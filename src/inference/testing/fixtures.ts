import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeLog } from '../../domain/testing/fakes.js';
import type { ModelTensors } from '../../plugin-sdk/index.js';
import { type ModelPackage, readPackage } from '../model-package.js';

const root = new URL('../../../', import.meta.url);

export const fixtures = fileURLToPath(new URL('test/fixtures/models', root));
export const faultyFixtures = fileURLToPath(new URL('test/fixtures/faulty-models', root));

/** Threads run the compiled code, as they do in a host. */
export const workerEntry = fileURLToPath(new URL('dist/src/workers/model-worker.js', root));

export function fixtureModel(name: string): Promise<ModelPackage> {
  return readPackage(join(fixtures, name));
}

/** A question to the `convergence` fixtures; another one for each seed. */
export function iterationQuestion(seed: number): ModelTensors {
  const values = (length: number) =>
    Float32Array.from({ length }, (_, i) => Math.sin(seed + 0.7 * i));
  return {
    history: { shape: [1, 10, 4], data: values(40) },
    state: { shape: [1, 6], data: values(6) },
  };
}

/** A question to the `slow` fixture, which takes tens of milliseconds. */
export function slowQuestion(x = 1): ModelTensors {
  return { x: { shape: [1], data: Float32Array.of(x) } };
}

export const noSignal: AbortSignal = new AbortController().signal;
export { FakeLog };
