import { seededRandom } from '../internal/seeded-random.js';
import { ModelUnavailable } from '../plugin-error.js';
import type { Role } from '../role.js';
import type {
  Inference,
  InferenceHandle,
  Logger,
  ModelTensors,
  Requires,
  ServicesOf,
} from '../services.js';
import { FakeClock } from './fake-clock.js';

/** Keeps every line, so that a test can look. */
export class RecordingLogger implements Logger {
  readonly lines: { readonly level: string; readonly message: string; readonly fields: unknown }[] =
    [];

  debug(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.lines.push({ level: 'debug', message, fields });
  }

  info(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.lines.push({ level: 'warn', message, fields });
  }
}

/** Serves the handles it was given and refuses every other model. */
export class FakeInference implements Inference {
  readonly #handles: ReadonlyMap<string, InferenceHandle>;

  constructor(handles: Readonly<Record<string, InferenceHandle>> = {}) {
    this.#handles = new Map(Object.entries(handles));
  }

  async open(model: string): Promise<InferenceHandle> {
    const handle = this.#handles.get(model);
    if (handle === undefined) throw new ModelUnavailable(`no model "${model}" in this test`);
    return handle;
  }
}

/** A model whose answers a test writes. Its signature has the given names; nothing checks shapes. */
export function fakeModel(
  signature: { readonly role: Role; readonly weightCeiling?: number } & Readonly<
    Record<'inputs' | 'outputs', readonly string[]>
  >,
  answer: (inputs: ModelTensors, signal: AbortSignal) => ModelTensors | Promise<ModelTensors>,
): InferenceHandle {
  const tensors = (names: readonly string[]) =>
    names.map((name) => ({ name, type: 'float32' as const, shape: [] }));
  const { role, inputs, outputs, weightCeiling } = signature;
  return {
    model: { id: 'fake', version: '1', sha256: '0'.repeat(64) },
    signature: { role, inputs: tensors(inputs), outputs: tensors(outputs), weightCeiling },
    run: async (given, signal) => answer(given, signal),
  };
}

export interface FakeServices {
  readonly logger: RecordingLogger;
  readonly clock: FakeClock;
  readonly random: typeof seededRandom;
  readonly inference: Inference;
}

export function fakeServices(overrides: Partial<FakeServices> = {}): FakeServices {
  return {
    logger: new RecordingLogger(),
    clock: new FakeClock(),
    random: seededRandom,
    inference: new FakeInference(),
    ...overrides,
  };
}

/** Picks the services a plugin requires, under the names it gave them. */
export function pickServices<Q extends Requires>(requires: Q, from: FakeServices): ServicesOf<Q> {
  const available: Readonly<Record<string, unknown>> = { ...from };
  return Object.fromEntries(
    Object.entries(requires).map(([name, token]) => [name, available[token.id]]),
  ) as ServicesOf<Q>;
}
