import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';

interface Trained {
  readonly kind: string;
  readonly seed: number;
  readonly options: {
    readonly window_mm: number | null;
    readonly beam_count: number;
    readonly beamlet_mm: number;
  };
  readonly inputs: Readonly<Record<string, { readonly shape: number[]; readonly data: string }>>;
}
type Asked = Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>;

const fixtures = fileURLToPath(new URL('../fixtures/model-inputs', import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as unknown;

/** Single precision of sums in another order, of a phantom that another compiler's mathematics made. */
const RELATIVE = 1e-4;
/** Of the largest value. */
const ABSOLUTE = 1e-6;

function decode(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** Largest difference, in tolerances. */
function difference(asked: readonly number[], trained: Float32Array): number {
  const scale = trained.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return asked.reduce((most, value, i) => {
    const wanted = trained[i] as number;
    const off = Math.abs(value - wanted) / (RELATIVE * Math.abs(wanted) + ABSOLUTE * scale);
    return Number.isNaN(off) && value !== wanted
      ? Number.POSITIVE_INFINITY
      : Math.max(most, off || 0);
  }, 0);
}

describe('what the host asks a model', () => {
  const names = readdirSync(fixtures);

  it('has fixtures', () => expect(names).toHaveLength(2));

  it.each(names)('is what models were trained on: %s', async (name) => {
    const { kind, seed, options, inputs } = read(join(fixtures, name)) as Trained;
    // That of `PhantomCase`.
    expect(options.beamlet_mm).toBe(10);
    const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-inputs-'));
    const file = join(folder, 'asked.json');
    const host = new HostProcess(
      `  initialization: { plugin: input-writer, deadline_ms: 10000, settings: { file: '${file}' } }\n`,
    );
    const phantom = new PhantomCase();
    try {
      await Promise.all([phantom.create(kind, seed), host.start()]);
      await phantom.optimize(
        [
          `--advisor=${host.address}`,
          ...PATIENT_CLIENT,
          `--beams=${options.beam_count}`,
          ...(options.window_mm === null ? ['--full'] : [`--window-mm=${options.window_mm}`]),
        ],
        1,
      );
      const asked = read(file) as Asked;
      expect(Object.keys(asked).sort()).toEqual(Object.keys(inputs).sort());
      for (const [input, { shape, data }] of Object.entries(inputs)) {
        expect(asked[input]?.shape, input).toEqual(shape);
        expect(difference(asked[input]?.data ?? [], decode(data)), input).toBeLessThan(1);
      }
      const excluded = asked['column_norm']?.data.filter((norm) => norm === 0) ?? [];
      expect(excluded.length, 'excluded beamlets').toBe(
        decode(inputs['column_norm']?.data ?? '').filter((norm) => norm === 0).length,
      );
    } finally {
      phantom.dispose();
      await host.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
